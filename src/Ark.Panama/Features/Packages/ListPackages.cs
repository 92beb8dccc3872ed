using System.Globalization;
using System.Text;
using Ark.Panama.Data;
using Ark.Panama.Features.Tasks;
using Ark.Web.Accounts;
using Ark.Web.Answers;
using Ark.Web.Data;
using LinqToDB;
using LinqToDB.Async;

namespace Ark.Panama.Features.Packages;

/// <summary>The packages of a task, and their two files.</summary>
public static class ListPackages
{
    public const string Gzip = "application/gzip";

    public const string Text = "text/plain";

    /// <param name="Sha256">Of the archive.</param>
    /// <param name="Bytes">Of the archive.</param>
    public sealed record Row(int Number, string Sha256, int Bytes, DateTimeOffset MadeAt, string MadeBy);

    /// <summary>Newest first.</summary>
    public sealed record Listing(IReadOnlyList<Row> Packages);

    public static async Task<Answer<Listing>> HandleAsync(ArkDb db, Actor actor, long id, CancellationToken cancellation)
    {
        if (await ShowTask.RowAsync(db, actor, id, cancellation) is null)
            return Refusal.NotFound("task");
        var rows = await db.GetTable<TaskPackage>().Where(p => p.TaskId == id).OrderByDescending(p => p.Number).ToListAsync(cancellation);
        return new Listing([.. rows.Select(Of)]);
    }

    public static Row Of(TaskPackage package) => new(package.Number, package.Sha256, package.Archive.Length, package.MadeAt, package.MadeBy);

    /// <param name="file"><c>task_&lt;id&gt;.tgz</c> or <c>ark.properties</c>.</param>
    public static async Task<IResult> DownloadAsync(ArkDb db, Actor actor, long id, int number, string file, CancellationToken cancellation)
    {
        var package = await ShowTask.RowAsync(db, actor, id, cancellation) is null ? null
            : await db.GetTable<TaskPackage>().FirstOrDefaultAsync(p => p.TaskId == id && p.Number == number, cancellation);
        if (package is not null && file == ArchiveName(id))
            return TypedResults.File(package.Archive, Gzip, file);
        if (package is not null && file == "ark.properties")
            return TypedResults.File(Encoding.UTF8.GetBytes(package.Properties), $"{Text}; charset=utf-8", file);
        return (Answer<Done>)Refusal.NotFound("package");
    }

    public static string ArchiveName(long id) => string.Create(CultureInfo.InvariantCulture, $"task_{id}.tgz");
}
