using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Millrace.Activities.Leases;
using Millrace.Kernel.Workers;

namespace Millrace.Activities.Contracts;

public static class BucketWorkers
{
    /// <summary>Runs the pass over the leased buckets, in as many parallel slices as given. Its wake-up topic is its class name.</summary>
    /// <param name="slices">1 to 16. Two are right for two cores; each holds a database connection while it works.</param>
    /// <param name="gather">Pause after a pass that found little; for what trickles in by the row and is cheaper by the hundred.</param>
    public static IServiceCollection AddBucketWorker<TPass>(
        this IServiceCollection services, TimeSpan idleDelay, int slices = 2, TimeSpan gather = default)
        where TPass : class, IBucketPass =>
        services.AddSingleton<TPass>().AddSingleton(new BucketSchedule<TPass>(idleDelay, gather, slices)).AddHostedService<BucketWorkerService<TPass>>();
}

internal sealed record BucketSchedule<TPass>(TimeSpan IdleDelay, TimeSpan Gather, int Slices);

internal sealed class BucketWorkerService<TPass>(
    TPass pass, BucketSchedule<TPass> schedule, BucketLeases leases, ProcessRoles roles, WorkSignal signal, ILogger<TPass> logger) : BackgroundService
    where TPass : class, IBucketPass
{
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => roles.Worker
        ? Task.WhenAll(Enumerable.Range(0, schedule.Slices).Select(slice => RunSliceAsync(slice, stoppingToken)))
        : Task.CompletedTask;

    private Task RunSliceAsync(int slice, CancellationToken stoppingToken) => WorkerLoop.RunAsync(
        typeof(TPass).Name,
        async cancellationToken =>
        {
            var mine = leases.Slice(slice, schedule.Slices);
            if (mine.IsEmpty)
            {
                return 0;
            }

            using var busy = leases.Enter();
            try
            {
                return await pass.RunOnceAsync(mine, cancellationToken);
            }
            catch (FenceLostException)
            {
                leases.Drop(mine);
                return 0;
            }
        },
        schedule.IdleDelay,
        schedule.Gather,
        signal,
        logger,
        stoppingToken);
}
