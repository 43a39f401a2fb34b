using System.Collections.Concurrent;

namespace Millrace.Kernel.Workers;

/// <summary>Wakes waiting passes of this process as soon as there is work. Only a hint: every pass also looks by itself once a second or so.</summary>
public sealed class WorkSignal
{
    private readonly ConcurrentDictionary<string, TaskCompletionSource> _waiting = new(StringComparer.Ordinal);

    /// <param name="topic">What there is work for, for example <c>activities</c>.</param>
    public void Pulse(string topic)
    {
        if (_waiting.TryRemove(topic, out var waiter))
        {
            waiter.TrySetResult();
        }
    }

    public void PulseAll()
    {
        foreach (var topic in _waiting.Keys)
        {
            Pulse(topic);
        }
    }

    /// <summary>Returns when there may be work, or after <paramref name="limit"/>.</summary>
    public async Task WaitAsync(string topic, TimeSpan limit, CancellationToken cancellationToken)
    {
        var waiter = _waiting.GetOrAdd(topic, static _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        try
        {
            await waiter.Task.WaitAsync(limit, TimeProvider.System, cancellationToken);
        }
        catch (TimeoutException)
        {
            // Then the pass looks by itself.
        }
    }
}
