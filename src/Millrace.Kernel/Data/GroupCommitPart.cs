using Npgsql;

namespace Millrace.Kernel.Data;

/// <summary>One kind of entry in the shared transaction of <see cref="GroupCommit"/>.</summary>
public abstract class GroupCommitPart<TEntry, TResult> : GroupCommitPart
{
    private readonly GroupCommit _group;

    private protected GroupCommitPart(GroupCommit group) => _group = group;

    private protected List<Waiting> Taken { get; } = [];

    /// <summary>Returns when the entry is durable. Not given up when the caller goes: it shares its fate with others.</summary>
    /// <exception cref="System.Threading.Channels.ChannelClosedException">The process is stopping.</exception>
    public Task<TResult> AddAsync(TEntry entry)
    {
        var waiting = new Waiting(this, entry);
        var put = _group.PutAsync(waiting);
        return put.IsCompletedSuccessfully ? waiting.Task : AfterAsync(put, waiting);
    }

    private static async Task<TResult> AfterAsync(ValueTask put, Waiting waiting)
    {
        await put;
        return await waiting.Task;
    }

    internal override int Take(IWaitingEntry entry)
    {
        Taken.Add((Waiting)entry);
        return Taken.Count;
    }

    internal override void Fail(Exception failure)
    {
        Taken.ForEach(waiting => waiting.TrySetException(failure));
        Clear();
    }

    private protected virtual void Clear() => Taken.Clear();

    private protected sealed class Waiting(GroupCommitPart part, TEntry entry) : TaskCompletionSource<TResult>(TaskCreationOptions.RunContinuationsAsynchronously), IWaitingEntry
    {
        public TEntry Entry => entry;

        GroupCommitPart IWaitingEntry.Part => part;
    }
}

/// <summary>What the group knows of a part; only its own thread touches it.</summary>
public abstract class GroupCommitPart
{
    private protected GroupCommitPart()
    {
    }

    /// <returns>How many this part has now.</returns>
    internal abstract int Take(IWaitingEntry entry);

    internal abstract IEnumerable<long> Accounts();

    internal abstract Sql Statement();

    /// <summary>Forgets what an attempt that failed has read.</summary>
    internal abstract void Again();

    internal abstract void Read(NpgsqlDataReader row);

    internal abstract void Answer();

    internal abstract void Fail(Exception failure);
}

internal interface IWaitingEntry
{
    GroupCommitPart Part { get; }
}

internal sealed class GroupCommitPart<TEntry, TRow, TResult>(
    GroupCommit group, Func<TEntry, long> accountOf, Func<IReadOnlyList<TEntry>, Sql> statement,
    Func<IReadOnlyList<TEntry>, List<TRow>, IReadOnlyList<TResult>> answers) : GroupCommitPart<TEntry, TResult>(group)
{
    private readonly List<TRow> _rows = [];

    internal override IEnumerable<long> Accounts() => Taken.Select(w => accountOf(w.Entry)).Distinct();

    internal override Sql Statement() => statement(Taken.ConvertAll(static w => w.Entry));

    internal override void Again() => _rows.Clear();

    internal override void Read(NpgsqlDataReader row) => _rows.Add(RowReader<TRow>.Read(row));

    internal override void Answer()
    {
        try
        {
            var given = answers(Taken.ConvertAll(static w => w.Entry), _rows);
            for (var i = 0; i < given.Count; i++)
            {
                Taken[i].TrySetResult(given[i]);
            }

            Clear();
        }
        catch (Exception e)
        {
            Fail(e);
        }
    }

    private protected override void Clear()
    {
        base.Clear();
        _rows.Clear();
    }
}
