"""The catalogue: a folder of YAML files that can be loaded into the register and written back."""
