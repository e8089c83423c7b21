"""Long tasks in processes of their own: started, followed and stopped by the server."""
