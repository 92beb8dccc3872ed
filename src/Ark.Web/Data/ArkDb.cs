using System.Data;
using Ark.Web.Audit;
using LinqToDB;
using LinqToDB.Data;

namespace Ark.Web.Data;

/// <summary>One connection to the host's database. One a request or page action; never kept.</summary>
public sealed class ArkDb(DataOptions options) : DataConnection(options)
{
    /// <summary>
    /// A transaction for a change. Changes go one after another in both databases: SQLite has one write lock, and elsewhere the end of the
    /// audit is taken first. So there are no deadlocks, a name that was free stays free, and the audit's numbers have no gaps.
    /// </summary>
    public async Task<DataConnectionTransaction> BeginWriteAsync(CancellationToken cancellation)
    {
        var transaction = await BeginTransactionAsync(IsolationLevel.ReadCommitted, cancellation);
        await this.GetTable<AuditHead>().Where(h => h.Id == 1).Set(h => h.Id, 1).UpdateAsync(cancellation);
        return transaction;
    }
}
