"""Public pages, one module per noun. Each view is a dozen lines and is wrapped by ``public.public``."""
