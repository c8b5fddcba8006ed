# The two commands of the tracker, and the gate's checks. `make PYTHON=python3.12 run` uses another Python.
PYTHON ?= python3
VENV = .venv/bin

.PHONY: run test check lighthouse clean
.NOTPARALLEL:

run:  ## the tracker at 127.0.0.1:8000, or at PORT; its data in DATABASE_URL
	@$(PYTHON) scotracker/bootstrap.py requirements.txt
	@$(VENV)/python manage.py run_tracker

test:  ## every test on SQLite and on PostgreSQL, in a browser and by the checker of markup too
	@$(PYTHON) scotracker/bootstrap.py tests/requirements.txt
	@$(VENV)/python -m tests.run

check:  ## format, lint, templates, deployment, pending migrations, import direction
	@$(PYTHON) scotracker/bootstrap.py tests/requirements.txt
	$(VENV)/ruff format --check .
	$(VENV)/ruff check .
	$(VENV)/djlint --quiet --lint commitments/templates
	DEBUG=0 ALLOWED_HOSTS=tracker.example SECRET_KEY=$$($(VENV)/python -c "import secrets; print(secrets.token_urlsafe(50))") \
		$(VENV)/python manage.py check --deploy --fail-level WARNING
	$(VENV)/python manage.py makemigrations --check --dry-run --settings tests.settings
	$(VENV)/lint-imports --no-logo --no-cache

lighthouse:  ## performance, accessibility, best practices and SEO of three pages, each 95 or more
	@$(PYTHON) scotracker/bootstrap.py tests/requirements.txt
	@$(VENV)/python -m tests.lighthouse.run

clean:  ## what can be made again; the database and .env stay
	rm -rf .venv staticfiles tests/browser/node_modules tests/lighthouse/node_modules .pytest_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
