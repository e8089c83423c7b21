"""Words of titles and criteria that are not topics by themselves, in normal form."""

from __future__ import annotations

EMPTY = frozenset(
    """
    a about above abstract acceptability accompany according accuracy achieve across adherent
    adjunct adjunctive adult's affect affecting after against age aged all also alternative among an
    analysis and any applied approach approache are article as aspect assess assessed assessing
    assessment associated association at attitude available barrier based be because been before
    being benefit best better between both burden but by can case cause causing certain change
    characteristic chronic class clinical cochrane combination combined common comparative compared
    comparing comparison component concerning concurrent condition conducted consequence considered
    context contribution control controlled correlate could criteria criterion current daily data de
    defined delivered delivery describing design despite detect detecting detection determinant
    determine develop development diagnose diagnosed diagnosing diagnosis diagnostic did differ
    difference different do doe due duration during each early effect effective effectivene
    effectiveness efficacy eg either eligible emerging english enhance enhancing et etc evaluate
    evaluated evaluating evaluation evidence evidence-based examine examining except existing
    experience experienced explore exploring exposed exposure extent facilitator factor feasibility
    field final finding first focus follow following for form found framework frequency from full
    full-text fulltext function further future general generation given global group ha had have
    having health health-related help high higher how human i identification identify identifying ie
    if ii iii ill impact implementation improve improved improvement improving in include included
    including inclusion increase increased increasing index individual influence influencing initial
    integration intended into investigate investigating involving is issue it it's its journal key
    known language large last latent latest least less level light like line literature living long
    long-term low lower main major make making manage management managing many map mapping may
    measure measured measurement meta meta-analyse meta-analysi meta-analysis metaanalysis method
    methodological methodology might model moderate modern more most multiple narrative need network
    new no non none nor not novel number objective observed of off often on one only open optimal
    optimum or order original other our outcome over overview paper part participant participation
    pathway patient patient's peer-reviewed people performance period person perspective pilot place
    plu plus point policy population possible post potential practice pre predict predicting
    presence present presenting prevent preventing prevention preventive primary principle prior
    problem procedure process product program project promote promoting proportion protocol provide
    provided provision public published purpose quality quasi question randomi range rapid rate
    received receiving recent record reduce reducing reduction reference regarding related relating
    relation relationship relative relevant report reported reporting research result review
    reviewed revised risk role safe safety same sample scale scope scoping second secondary see
    select selected self service setting several severe severity short short-term should
    significance single size so some source specific stage standard state status strategie strategy
    structure studie study subject such suffering summary supporting synthesi synthesis system
    systematic systematically target technique term test testing than that the their them then
    therapeutic therapy there these they third this those three through throughout time title to
    together tool toward towards transition treat treated treating treatment trend trial two type
    umbrella under undergoing understanding unit until up update updated updating upon uptake usage
    use used useful usefulnes usefulness user using utilisation utility utilization validity value
    variable various versu versus via view viewpoint vs was way we were what when where whether
    which while who whole whose wide will with within without worldwide would written year yet you
    """.split()  # noqa: SIM905 (a list of 500 strings is no easier to read)
)
"""They end a phrase, and are not terms by themselves."""

ADJECTIVES = frozenset(
    """
    acquired acute advanced atypical bilateral cardiac central clear co-occurring comorbid complex
    concomitant confirmed congenital continuous critical deep direct elective essential external
    first-line flexible free functional healthy idiopathic intensive internal invasive late local
    medical mild minor mixed negative newly normal old older oral overall partial perioperative
    physical poor positive postoperative predictor premature preoperative progressive prophylactic
    proven recurrent refractory regular resistant rural second-line severe simple small social
    special specialized stable standardized subsequent suspected systemic topical total traditional
    treatment-resistant true underlying unilateral unspecified urban usual validated young
    """.split()  # noqa: SIM905
)
"""They are not terms without a noun."""

GENERIC = frozenset(
    """
    access activity acute administration agent association attention attitude author balance base
    basic behavior blood body book calm care-based cell change choice chronic city class
    classification clear clinic comfort community comorbidity compare comparison complete
    complication compound computer concentrate consensus consultation contact control cost cover
    culture cycle day death-bed decision developing disease disorder dna dose drug early ease
    economic education element elixir environment essential event exact experience family farm fast
    feedback focus food forte front function fusion gene general genome gold government guard
    guideline head health health-related history home hospital house human imaging impact income
    infection information institution insurance intact intention interview joint knowledge language
    late law lead learning lesion library life light link literature manuscript material max maxim
    medicine memory-bank men's mental metal method mission model mortality-rate motion motivation
    move movement name nature next noise normal one optimum outcome oxygen-rich paper parent patent
    pathology peak peptide perception perform permission person philosophy plan point policy
    population power practice-based prediction pressure primary prime privacy pro profession proof
    protein protocol public publication question race reading reason record relief report research
    resource rest review rise rna role rule safety science secondary select sense serenity service
    sex sign site skill socialization society software-update solution sound species speech spirit
    stable standard star state statistic step stress-free strong student's supplement
    supplementation support symptom syndrome system target teaching temperature tendon terminology
    test therapeutic therapy thinking time tissue titan total touch trade training travel treatment
    trust ultra uncertainty unit unity universitie up vision vital vocabulary volition volume water
    wave weight word work world writing
    """.split()  # noqa: SIM905
) | frozenset({"quality of health care", "clinical trial", "patient", "public health"})
"""Headings too general to search for, and words that are also brands."""
