using FluentMigrator;

namespace Ark.Panama.Data;

/// <summary>What the list of tasks is searched and counted by, without their variables: those make up most of a row.</summary>
[Migration(2026_08)]
public sealed class TaskListIndexes : ForwardOnlyMigration
{
    public override void Up()
    {
        Delete.Index("tasks_updated_at").OnTable("tasks");
        Create.Index("tasks_list").OnTable("tasks")
            .OnColumn("updated_at").Ascending().OnColumn("id").Ascending().OnColumn("customer_id").Ascending().OnColumn("state").Ascending().OnColumn("search").Ascending();
        Create.Index("tasks_customer").OnTable("tasks").OnColumn("customer_id").Ascending().OnColumn("state").Ascending();
    }
}
