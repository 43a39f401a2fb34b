using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Millrace.Activities.Contracts;
using Millrace.Activities.Leases;
using Millrace.Activities.Log;
using Millrace.Activities.Reactor;
using Millrace.Kernel.Modules;
using Millrace.Kernel.Workers;

namespace Millrace.Activities;

/// <summary>The log of everything that happens, the reactor that hands it on, and the leases of the workers. Owns the schema <c>activities</c>.</summary>
public sealed class ActivitiesModule : IModule
{
    public static string Name => "activities";

    public static void AddServices(IHostApplicationBuilder builder)
    {
        builder.Services.AddOptions<LeaseOptions>().BindConfiguration(LeaseOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        builder.Services
            .AddSingleton<IActivityLog, ActivityLog>()
            .AddSingleton<BucketLeases>().AddHostedService(s => s.GetRequiredService<BucketLeases>())
            .AddBucketWorker<ActivityReactor>(idleDelay: TimeSpan.FromSeconds(1), gather: TimeSpan.FromMilliseconds(100))
            .AddWorker<MakePartitions>(idleDelay: TimeSpan.FromMinutes(1))
            .AddWorker<AnalyzeParents>(idleDelay: TimeSpan.FromMinutes(5));
    }
}
