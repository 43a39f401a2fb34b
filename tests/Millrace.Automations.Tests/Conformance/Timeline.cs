namespace Millrace.Automations.Tests.Conformance;

/// <summary>
/// Lets many scripts share one virtual clock: it moves only when every script waits for it, and only as far as the next of them asks for. So a
/// hundred rules that wait for days cost the server time of one.
/// </summary>
internal sealed class Timeline(Func<TimeSpan, Task> advance, int atOnce)
{
    private readonly Lock _lock = new();
    private readonly SemaphoreSlim _places = new(atOnce);
    private readonly PriorityQueue<TaskCompletionSource, TimeSpan> _sleepers = new();
    private TimeSpan _now;
    private int _awake;

    /// <summary>Runs all scripts to their end; each gets the way to sleep.</summary>
    public async Task RunAsync(IReadOnlyList<Func<Func<TimeSpan, Task>, Task>> scripts)
    {
        _awake = scripts.Count;
        await Task.WhenAll(scripts.Select(s => Task.Run(() => ScriptAsync(s))));
    }

    private async Task ScriptAsync(Func<Func<TimeSpan, Task>, Task> script)
    {
        await _places.WaitAsync();
        try
        {
            await script(SleepAsync);
        }
        finally
        {
            _places.Release();
            await OneLessAsync();
        }
    }

    private async Task SleepAsync(TimeSpan time)
    {
        var woken = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_lock)
        {
            _sleepers.Enqueue(woken, _now + time);
        }

        _places.Release();
        await OneLessAsync();
        await woken.Task;
        await _places.WaitAsync();
    }

    private async Task OneLessAsync()
    {
        TimeSpan step;
        List<TaskCompletionSource> due = [];
        lock (_lock)
        {
            if (--_awake > 0 || _sleepers.Count == 0)
            {
                return;
            }

            _sleepers.TryPeek(out _, out var next);
            step = next - _now;
            _now = next;
            while (_sleepers.TryPeek(out var sleeper, out var at) && at <= next)
            {
                due.Add(sleeper);
                _sleepers.Dequeue();
            }

            _awake = due.Count;
        }

        await advance(step);
        due.ForEach(d => d.SetResult());
    }
}
