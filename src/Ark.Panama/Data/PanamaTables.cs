using FluentMigrator;

namespace Ark.Panama.Data;

/// <summary>Customers and their deployment tasks.</summary>
[Migration(2026_02)]
public sealed class PanamaTables : ForwardOnlyMigration
{
    public override void Up()
    {
        Create.Table("customers")
            .WithColumn("id").AsInt64().PrimaryKey().Identity()
            .WithColumn("name").AsString(200).NotNullable().Unique("customers_name")
            .WithColumn("contact").AsString(200).NotNullable()
            .WithColumn("notes").AsString(4000).NotNullable()
            .WithColumn("version").AsInt32().NotNullable()
            .WithColumn("updated_at").AsInt64().NotNullable()
            .WithColumn("updated_by").AsString(100).NotNullable();

        Create.Table("tasks")
            .WithColumn("id").AsInt64().PrimaryKey().Identity()
            .WithColumn("customer_id").AsInt64().NotNullable().ForeignKey("customers", "id")
            .WithColumn("name").AsString(200).NotNullable()
            .WithColumn("domain").AsString(200).NotNullable().Indexed("tasks_domain")
            .WithColumn("line").AsString(10).NotNullable()
            .WithColumn("baseline").AsString(100).NotNullable()
            .WithColumn("state").AsString(20).NotNullable()
            .WithColumn("variables").AsString(int.MaxValue).NotNullable()
            .WithColumn("search").AsString(700).NotNullable()
            .WithColumn("version").AsInt32().NotNullable()
            .WithColumn("updated_at").AsInt64().NotNullable().Indexed("tasks_updated_at")
            .WithColumn("updated_by").AsString(100).NotNullable();
    }
}
