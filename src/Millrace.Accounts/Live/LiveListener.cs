using System.Threading.Channels;

namespace Millrace.Accounts.Live;

/// <summary>One open page: the topics it has not heard of yet. Any number of messages in a moment become one.</summary>
internal sealed class LiveListener(long accountId, long userId)
{
    /// <summary>Stands for all topics.</summary>
    public const string Everything = "*";

    /// <summary>Not for pages: the sessions of the account have changed.</summary>
    public const string Sessions = "session";

    private const int MaxWaiting = 200;

    private readonly Channel<bool> _bell = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly HashSet<string> _waiting = new(StringComparer.Ordinal);

    public long AccountId => accountId;

    public long UserId => userId;

    public void Tell(string topic)
    {
        lock (_waiting)
        {
            // A page that is that far behind had better ask for everything.
            _ = _waiting.Count < MaxWaiting ? _waiting.Add(topic) : _waiting.Add(Everything);
        }

        _bell.Writer.TryWrite(true);
    }

    public void TellAll() => Tell(Everything);

    /// <returns>False when nothing was told until the limit.</returns>
    public async Task<bool> WaitAsync(TimeSpan limit, CancellationToken cancellationToken)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        end.CancelAfter(limit);
        try
        {
            await _bell.Reader.ReadAsync(end.Token);
            return true;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }

    public string[] Take()
    {
        lock (_waiting)
        {
            string[] taken = [.. _waiting.Order(StringComparer.Ordinal)];
            _waiting.Clear();
            return taken;
        }
    }
}
