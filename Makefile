# Hai lệnh cho máy mới / two commands on a fresh machine: make demo, make test
PYTHON ?= python3
.PHONY: demo test lint types docs browser serve bench mutants readme lock clean

demo test lint types docs browser bench mutants readme:
	@$(PYTHON) tasks.py $@

# Dựng trang web rồi mở ở http://127.0.0.1:8000/ / build the site and serve it there
serve: docs
	@$(PYTHON) tasks.py serve

# Viết lại requirements.lock sau khi đổi pyproject.toml (cần uv) / rewrite the lock file (needs uv)
lock:
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header \
		--no-annotate --group dev pyproject.toml --output-file requirements.lock

clean:
	rm -rf .venv site build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis
