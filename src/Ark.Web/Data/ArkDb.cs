using System.Data;
using Ark.Web.Audit;
using LinqToDB;
using LinqToDB.Data;

namespace Ark.Web.Data;

/// <summary>One connection to the host's database. One a request or page action; never kept.</summary>
/// <param name="turn">Whose change it is among those of this process.</param>
public sealed class ArkDb(DataOptions options, SemaphoreSlim turn) : DataConnection(options)
{
    /// <summary>
    /// A transaction for a change. Changes go one after another in both databases: SQLite has one write lock, and elsewhere the end of the
    /// audit is taken first. So there are no deadlocks, a name that was free stays free, and the audit's numbers have no gaps. Those of this process wait
    /// here for each other, in order and without a thread; SQLite's own waiting is a loop of sleeps.
    /// </summary>
    public async Task<WriteTransaction> BeginWriteAsync(CancellationToken cancellation)
    {
        await turn.WaitAsync(cancellation);
        var transaction = new WriteTransaction(this, turn);
        try
        {
            await BeginTransactionAsync(IsolationLevel.ReadCommitted, cancellation);
            await this.GetTable<AuditHead>().Where(h => h.Id == 1).Set(h => h.Id, 1).UpdateAsync(cancellation);
            return transaction;
        }
        catch
        {
            await transaction.DisposeAsync();
            throw;
        }
    }
}

/// <summary>A change under way. What was not committed when it is disposed of is undone.</summary>
public sealed class WriteTransaction(ArkDb db, SemaphoreSlim turn) : IAsyncDisposable
{
    private bool _disposed;

    public Task CommitAsync(CancellationToken cancellation) => db.CommitTransactionAsync(cancellation);

    public async ValueTask DisposeAsync()
    {
        if (_disposed)
            return;
        _disposed = true;
        try
        {
            if (db.Transaction is not null)
                await db.DisposeTransactionAsync();
        }
        finally
        {
            turn.Release();
        }
    }
}
