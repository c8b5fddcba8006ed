"""What the desk's first page asks for."""

from django import template

from commitments.admin.lately import published_lately
from commitments.admin.start import what_needs

register = template.Library()


@register.inclusion_tag("admin/commitments/_needs_you.html", takes_context=True)
def what_needs_you(context):
    """The panel of what waits for the person who looks at the desk."""
    return {"parts": what_needs(context["request"])}


@register.inclusion_tag("admin/commitments/_published_lately.html", takes_context=True)
def published_of_yours(context):
    """The panel of what was published of the work of the person who looks at the desk."""
    return {"published": published_lately(context["request"].user)}
