using System.Diagnostics;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Millrace.Kernel.Workers;

/// <summary>Runs a pass again and again: at once while there is work, after the idle delay (or a signal) otherwise, slower after failures.</summary>
public static partial class WorkerLoop
{
    private const int Little = 2_500;
    private static readonly Meter Meter = new("Millrace.Workers");
    private static readonly Counter<long> Items = Meter.CreateCounter<long>("millrace.worker.items", "{item}", "Rows a pass has changed");
    private static readonly Counter<long> Failures = Meter.CreateCounter<long>("millrace.worker.failures", "{failure}", "Passes that threw");
    private static readonly Histogram<double> Duration = Meter.CreateHistogram<double>("millrace.worker.duration", "ms", "Time of a pass that found work");

    /// <param name="name">For metrics, logs and the wake-up signal.</param>
    /// <param name="pass">Returns how much it did.</param>
    /// <param name="idleDelay">Longest time between two looks when there is nothing to do.</param>
    /// <param name="gather">Pause after a pass that found little, so that under a steady trickle the next finds more than a few rows.</param>
    public static async Task RunAsync(
        string name, Func<CancellationToken, Task<int>> pass, TimeSpan idleDelay, TimeSpan gather, WorkSignal signal, ILogger logger,
        CancellationToken stopping)
    {
        var failures = 0;
        var tag = new KeyValuePair<string, object?>("worker", name);
        while (!stopping.IsCancellationRequested)
        {
            var (delay, pause) = (TimeSpan.Zero, TimeSpan.Zero);
            try
            {
                var started = Stopwatch.GetTimestamp();
                var changed = await pass(stopping);
                failures = 0;
                if (changed == 0)
                {
                    delay = idleDelay;
                }
                else
                {
                    Items.Add(changed, tag);
                    Duration.Record(Stopwatch.GetElapsedTime(started).TotalMilliseconds, tag);
                    pause = changed < Little ? gather : TimeSpan.Zero;
                }
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                Failures.Add(1, tag);
                LogFailed(logger, e, name, ++failures);
                delay = TimeSpan.FromMilliseconds(Math.Min(10_000, 100 * Math.Pow(2, failures)));
            }

            try
            {
                if (delay > TimeSpan.Zero)
                {
                    await signal.WaitAsync(name, delay * (0.9 + (0.2 * Random.Shared.NextDouble())), stopping);
                }
                else if (pause > TimeSpan.Zero)
                {
                    await Task.Delay(pause, TimeProvider.System, stopping);
                }
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Pass {Worker} failed, {Failures} in a row")]
    private static partial void LogFailed(ILogger logger, Exception exception, string worker, int failures);
}

/// <summary>Which roles this process plays.</summary>
/// <param name="Web">Serves HTTP.</param>
/// <param name="Worker">Runs background passes.</param>
public sealed record ProcessRoles(bool Web, bool Worker);

internal sealed partial class WorkerService<TPass>(
    TPass pass, WorkerSchedule<TPass> schedule, ProcessRoles roles, WorkSignal signal, ILogger<TPass> logger) : BackgroundService
    where TPass : class, IWorkerPass
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!roles.Worker)
        {
            return;
        }

        await WorkerLoop.RunAsync(typeof(TPass).Name, pass.RunOnceAsync, schedule.IdleDelay, TimeSpan.Zero, signal, logger, stoppingToken);
        try
        {
            // The process is stopping already; this is its last word.
            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(5), TimeProvider.System);
            await pass.ReleaseAsync(limit.Token);
        }
        catch (Exception e)
        {
            LogNotReleased(logger, e, typeof(TPass).Name);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Worker} could not hand over its work; others take it when the lease ends")]
    private static partial void LogNotReleased(ILogger logger, Exception exception, string worker);
}

internal sealed record WorkerSchedule<TPass>(TimeSpan IdleDelay);

public static class WorkerRegistration
{
    /// <summary>Runs the pass in processes with the worker role. Its wake-up topic is its class name.</summary>
    public static IServiceCollection AddWorker<TPass>(this IServiceCollection services, TimeSpan idleDelay)
        where TPass : class, IWorkerPass =>
        services.AddSingleton<TPass>().AddSingleton(new WorkerSchedule<TPass>(idleDelay)).AddHostedService<WorkerService<TPass>>();
}
