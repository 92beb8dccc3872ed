using FluentMigrator;

namespace Ark.Panama.Data;

/// <summary>What a task deploys, and the packages that were made of it.</summary>
[Migration(2026_03)]
public sealed class DesignTables : ForwardOnlyMigration
{
    public override void Up()
    {
        Alter.Table("tasks").AddColumn("design").AsString(int.MaxValue).Nullable();

        Create.Table("packages")
            .WithColumn("id").AsInt64().PrimaryKey().Identity()
            .WithColumn("task_id").AsInt64().NotNullable().ForeignKey("packages_task", "tasks", "id")
            .WithColumn("number").AsInt32().NotNullable()
            .WithColumn("sha256").AsString(64).NotNullable()
            .WithColumn("archive").AsBinary(int.MaxValue).NotNullable()
            .WithColumn("properties").AsString(int.MaxValue).NotNullable()
            .WithColumn("content").AsString(int.MaxValue).NotNullable()
            .WithColumn("made_at").AsInt64().NotNullable()
            .WithColumn("made_by").AsString(100).NotNullable();
        Create.Index("packages_number").OnTable("packages").OnColumn("task_id").Ascending().OnColumn("number").Ascending().WithOptions().Unique();
    }
}
