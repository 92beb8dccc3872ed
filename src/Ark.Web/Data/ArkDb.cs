using System.Data;
using LinqToDB;
using LinqToDB.Data;

namespace Ark.Web.Data;

/// <summary>One connection to the host's database. One a request or page action; never kept.</summary>
public sealed class ArkDb(DataOptions options) : DataConnection(options)
{
    /// <summary>
    /// A transaction for a change. SQLite takes its write lock here; MySQL reads what is committed, so that a refused update can be told
    /// from what stands there now.
    /// </summary>
    public Task<DataConnectionTransaction> BeginWriteAsync(CancellationToken cancellation) =>
        BeginTransactionAsync(IsolationLevel.ReadCommitted, cancellation);
}
