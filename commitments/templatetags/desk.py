"""What the desk's first page asks for."""

from django import template

from commitments.admin.start import what_needs

register = template.Library()


@register.inclusion_tag("admin/commitments/_needs_you.html", takes_context=True)
def what_needs_you(context):
    """The panel of what waits for the person who looks at the desk."""
    return {"parts": what_needs(context["request"])}
