namespace Ark.Core.Sites;

/// <summary>Whose metadata database a site of line 3.0 uses; line 3.1 deploys its own and reads none of these keys.</summary>
internal static class SiteDatabase
{
    public static ExternalDatabase? Read(SiteFields fields, string? line)
    {
        var contained = fields.Flag("use_container_metadb", true);
        var host = SiteReader.Host(fields, "metadb_ip", fields.Get("metadb_ip"));
        var port = fields.Number("metadb_port", fields.Get("metadb_port"), 1, 65535);
        var user = fields.Get("metadb_user");
        if (user is not null && (user.Length > 80 || user.Any(c => !char.IsAsciiLetterOrDigit(c) && c is not ('_' or '-' or '.'))))
            fields.Add("bad-value", fields.LineOf("metadb_user"), $"metadb_user={SiteFields.Show(user)} is not a user's name of letters, digits and - _ .", "write for example metadb_user=ark");
        var password = fields.Secret("metadb_password");
        if (contained)
            return null;

        if (line == "3.1")
        {
            fields.Add("unused-key", fields.LineOf("use_container_metadb"), "use_container_metadb=no is not used in line 3.1, which always deploys the metadata database.", "take it out", Severity.Warning);
            return null;
        }

        foreach (var key in (string[])["metadb_ip", "metadb_port", "metadb_user"])
        {
            if (fields.Get(key) is null)
                fields.Missing(key, "because use_container_metadb=no");
        }

        return new(host ?? "", port ?? 0, user ?? "", password);
    }
}
