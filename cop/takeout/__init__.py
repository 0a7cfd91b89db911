"""What is somebody's own, in one file to keep: asked for with her password, made by the worker, there for a while."""
