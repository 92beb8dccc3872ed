using System.Xml.Linq;
using LinqToDB;
using LinqToDB.Mapping;
using Microsoft.AspNetCore.DataProtection.Repositories;

namespace Ark.Web.Data;

/// <summary>The keys of cookies and form tokens stand in the database, so that they outlive a restart and hosts behind a proxy share them; in clear, unless a
/// certificate is configured to encrypt them to.</summary>
public sealed class DataKeys(Database database) : IXmlRepository
{
    public IReadOnlyCollection<XElement> GetAllElements()
    {
        using var db = database.Open();
        return [.. db.GetTable<DataKey>().OrderBy(k => k.Id).ToList().Select(k => XElement.Parse(k.Xml))];
    }

    public void StoreElement(XElement element, string friendlyName)
    {
        using var db = database.Open();
        db.Insert(new DataKey { Name = friendlyName, Xml = element.ToString(SaveOptions.DisableFormatting) });
    }

    [Table("data_keys")]
    private sealed record DataKey
    {
        [Column("id"), PrimaryKey, Identity] public long Id { get; init; }
        [Column("name")] public required string Name { get; init; }
        [Column("xml")] public required string Xml { get; init; }
    }
}
