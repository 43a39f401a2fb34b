using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Millrace.Kernel.Modules;
using Millrace.Tracking.Events;

namespace Millrace.Tracking;

/// <summary>What contacts do outside mails: named events today. Owns the schema <c>tracking</c>.</summary>
public sealed class TrackingModule : IModule
{
    public static string Name => "tracking";

    public static void AddServices(IHostApplicationBuilder builder) =>
        builder.Services.AddSingleton<EventNames>().AddSingleton<EventIntake>();
}
