"""What a browser would send: the data of an admin form as it stands, for a test to change and post."""

from django.forms import ModelMultipleChoiceField


def form_data(response):
    """The fields of the admin form on a page, its rows included, as a dict for client.post()."""
    data = {}
    forms = [response.context["adminform"].form]
    for inline in response.context["inline_admin_formsets"]:
        forms += [inline.formset.management_form, *inline.formset.forms]
    for form in forms:
        for bound in form:
            value = bound.value()
            if value is None or value is False:
                value = [] if isinstance(bound.field, ModelMultipleChoiceField) else ""
            name = bound.html_name
            if isinstance(value, (list, tuple)):
                data[name] = [getattr(one, "pk", one) for one in value]
            elif value != "" or not name.endswith("DELETE"):
                data[name] = str(value)
    return {name: value for name, value in data.items() if not name.endswith("-DELETE")}


def said(response):
    """The sentences of the messages on a page."""
    return [str(message) for message in response.context["messages"]]
