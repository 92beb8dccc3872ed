using FluentMigrator;

namespace Ark.Panama.Data;

/// <summary>Repositories with their baselines, configurations with their revisions, label templates.</summary>
[Migration(2026_04)]
public sealed class PlanningTables : ForwardOnlyMigration
{
    public override void Up()
    {
        Create.Table("repositories")
            .WithColumn("id").AsInt64().PrimaryKey().Identity()
            .WithColumn("name").AsString(100).NotNullable().Unique("repositories_name")
            .WithColumn("url").AsString(500).NotNullable()
            .WithColumn("mirror").AsString(100).NotNullable()
            .WithColumn("refreshed_at").AsInt64().NotNullable()
            .WithColumn("problems").AsString(int.MaxValue).NotNullable()
            .WithColumn("updated_at").AsInt64().NotNullable()
            .WithColumn("updated_by").AsString(100).NotNullable();

        Create.Table("repository_baselines")
            .WithColumn("id").AsInt64().PrimaryKey().Identity()
            .WithColumn("repository_id").AsInt64().NotNullable().ForeignKey("repositories", "id")
            .WithColumn("name").AsString(400).NotNullable().Indexed("repository_baselines_name")
            .WithColumn("folder").AsString(100).NotNullable()
            .WithColumn("commit_id").AsString(64).NotNullable()
            .WithColumn("title").AsString(300).NotNullable()
            .WithColumn("line").AsString(10).NotNullable()
            .WithColumn("committed_at").AsInt64().NotNullable()
            .WithColumn("usable").AsBoolean().NotNullable()
            .WithColumn("problems").AsString(int.MaxValue).NotNullable();

        Create.Table("configurations")
            .WithColumn("id").AsInt64().PrimaryKey().Identity()
            .WithColumn("name").AsString(200).NotNullable()
            .WithColumn("customer_id").AsInt64().Nullable().ForeignKey("customers", "id")
            .WithColumn("component").AsString(100).NotNullable()
            .WithColumn("version").AsInt32().NotNullable();

        Create.Table("configuration_revisions")
            .WithColumn("configuration_id").AsInt64().PrimaryKey().ForeignKey("configurations", "id")
            .WithColumn("number").AsInt32().PrimaryKey()
            .WithColumn("baseline").AsString(100).NotNullable()
            .WithColumn("parameter_values").AsString(int.MaxValue).NotNullable()
            .WithColumn("reason").AsString(500).NotNullable()
            .WithColumn("made_at").AsInt64().NotNullable()
            .WithColumn("made_by").AsString(100).NotNullable();

        Create.Table("label_templates")
            .WithColumn("id").AsInt64().PrimaryKey().Identity()
            .WithColumn("name").AsString(200).NotNullable()
            .WithColumn("customer_id").AsInt64().Nullable().ForeignKey("customers", "id")
            .WithColumn("labels").AsString(8000).NotNullable()
            .WithColumn("notes").AsString(1000).NotNullable()
            .WithColumn("version").AsInt32().NotNullable()
            .WithColumn("updated_at").AsInt64().NotNullable()
            .WithColumn("updated_by").AsString(100).NotNullable();
    }
}
