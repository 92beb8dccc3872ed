using FluentMigrator;

namespace Ark.Web.Channels;

/// <summary>Alert channels.</summary>
[Migration(2026_06)]
public sealed class ChannelTables : ForwardOnlyMigration
{
    public override void Up() => Create.Table("channels")
        .WithColumn("id").AsInt64().PrimaryKey().Identity()
        .WithColumn("name").AsString(100).NotNullable().Unique("channels_name")
        .WithColumn("kind").AsString(20).NotNullable()
        .WithColumn("customer_id").AsInt64().Nullable().Indexed("channels_customer")
        .WithColumn("enabled").AsBoolean().NotNullable()
        .WithColumn("settings").AsString(int.MaxValue).NotNullable()
        .WithColumn("secret").AsString(4000).Nullable()
        .WithColumn("version").AsInt32().NotNullable()
        .WithColumn("updated_at").AsInt64().NotNullable()
        .WithColumn("updated_by").AsString(100).NotNullable();
}
