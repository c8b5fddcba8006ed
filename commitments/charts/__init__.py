"""Pictures of the record: plain data in, SVG and PNG out. One module per picture; gallery.py names them all."""
