"""What Alembic runs around a migration: the connection comes from `quiz.migrations.migrate`, which also commits."""

from alembic import context

context.configure(connection=context.config.attributes["connection"], transactional_ddl=True)
with context.begin_transaction():
    context.run_migrations()
