using MiniExcelLibs;
using MiniExcelLibs.OpenXml;

namespace Ark.Panama;

/// <summary>An XLSX workbook: sheets of headings and rows, in the order in which they were added.</summary>
public sealed class Workbook
{
    public const string ContentType = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

    private static readonly OpenXmlConfiguration Looks = new() { FastMode = true, EnableAutoWidth = true, MaxWidth = 90, FreezeRowCount = 1, EnableWriteFilePath = false };

    private readonly Dictionary<string, object> _sheets = [];

    /// <param name="rows">Texts and whole numbers, one for each heading; null for an empty cell.</param>
    public Workbook Add(string sheet, IReadOnlyList<string> headings, IEnumerable<object?[]> rows)
    {
        _sheets.Add(sheet, rows.Select(row => headings.Zip(row).ToDictionary(c => c.First, c => c.Second)).ToList());
        return this;
    }

    public byte[] Write()
    {
        using var stream = new MemoryStream();
        stream.SaveAs(_sheets, configuration: Looks);
        return stream.ToArray();
    }
}
