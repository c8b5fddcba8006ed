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
            if hasattr(bound.field.widget, "opened"):
                data["opened"] = bound.field.widget.opened
            if isinstance(value, (list, tuple)):
                data[name] = [getattr(one, "pk", one) for one in value]
            elif value != "" or not name.endswith("DELETE"):
                data[name] = str(value)
    return {name: value for name, value in data.items() if not name.endswith("-DELETE")}


def choices(response, **chosen):
    """What a browser would send from a conflict page; ``chosen`` is a side by the key of a line, "-" read as "_"."""
    data = {name: str(value) for name, value in response.context["kept"]}
    sides = {line.key: line.kept for line in response.context["comparison"].lines}
    chosen = {f"keep-{name.replace('__', '-')}": side for name, side in chosen.items()}
    assert set(chosen) <= set(sides)
    return data | sides | chosen


def differences(response):
    """{key: (base, theirs, mine, the side chosen to begin with)} of the lines on a conflict page."""
    lines = response.context["comparison"].lines
    return {line.key.removeprefix("keep-"): (line.base, line.theirs, line.mine, line.kept) for line in lines}


def said(response):
    """The sentences of the messages on a page."""
    return [str(message) for message in response.context["messages"]]
