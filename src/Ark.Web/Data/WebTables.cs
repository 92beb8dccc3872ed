using FluentMigrator;

namespace Ark.Web.Data;

/// <summary>Accounts, API tokens, the audit and the keys of cookies: what every web host has.</summary>
[Migration(2026_01)]
public sealed class WebTables : ForwardOnlyMigration
{
    public override void Up()
    {
        Create.Table("accounts")
            .WithColumn("id").AsInt64().PrimaryKey().Identity()
            .WithColumn("name").AsString(100).NotNullable().Unique("accounts_name")
            .WithColumn("display").AsString(200).NotNullable()
            .WithColumn("department").AsString(200).NotNullable()
            .WithColumn("role").AsString(20).NotNullable()
            .WithColumn("all_customers").AsBoolean().NotNullable()
            .WithColumn("password_hash").AsString(500).Nullable()
            .WithColumn("identity").AsString(500).Nullable().Unique("accounts_identity")
            .WithColumn("failures").AsInt32().NotNullable()
            .WithColumn("locked_until").AsInt64().NotNullable()
            .WithColumn("disabled").AsBoolean().NotNullable()
            .WithColumn("stamp").AsString(64).NotNullable()
            .WithColumn("version").AsInt32().NotNullable()
            .WithColumn("created_at").AsInt64().NotNullable();

        Create.Table("account_customers")
            .WithColumn("account_id").AsInt64().PrimaryKey().ForeignKey("accounts", "id")
            .WithColumn("customer_id").AsInt64().PrimaryKey();

        Create.Table("tokens")
            .WithColumn("id").AsInt64().PrimaryKey().Identity()
            .WithColumn("account_id").AsInt64().NotNullable().ForeignKey("accounts", "id")
            .WithColumn("name").AsString(100).NotNullable()
            .WithColumn("hash").AsString(64).NotNullable().Unique("tokens_hash")
            .WithColumn("scope").AsString(20).NotNullable()
            .WithColumn("created_at").AsInt64().NotNullable()
            .WithColumn("expires_at").AsInt64().NotNullable();

        Create.Table("audit")
            .WithColumn("id").AsInt64().PrimaryKey()
            .WithColumn("at").AsInt64().NotNullable()
            .WithColumn("actor").AsString(100).NotNullable()
            .WithColumn("via").AsString(200).NotNullable()
            .WithColumn("action").AsString(60).NotNullable()
            .WithColumn("subject").AsString(100).NotNullable().Indexed("audit_subject")
            .WithColumn("before").AsString(int.MaxValue).Nullable()
            .WithColumn("after").AsString(int.MaxValue).Nullable()
            .WithColumn("hash").AsString(64).NotNullable();

        Create.Table("audit_head")
            .WithColumn("id").AsInt32().PrimaryKey()
            .WithColumn("entries").AsInt64().NotNullable()
            .WithColumn("hash").AsString(64).NotNullable();
        Insert.IntoTable("audit_head").Row(new { id = 1, entries = 0L, hash = "" });

        Create.Table("data_keys")
            .WithColumn("id").AsInt64().PrimaryKey().Identity()
            .WithColumn("name").AsString(200).NotNullable()
            .WithColumn("xml").AsString(int.MaxValue).NotNullable();
    }
}
