"""
Long tasks that pages start, one module each.

Each module has ``run(review, options, report)``, which is called in a process of its own with the
path of the review, the options of the task and a `JobReport`, and returns its result for JSON.
"""
