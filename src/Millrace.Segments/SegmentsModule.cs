using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Millrace.Contacts.Contracts;
using Millrace.Kernel.Modules;
using Millrace.Segments.Contracts;
using Millrace.Segments.Happened;
using Millrace.Segments.Naming;

namespace Millrace.Segments;

/// <summary>Condition trees and what they compile to.</summary>
public sealed class SegmentsModule : IModule
{
    public static string Name => "segments";

    public static void AddServices(IHostApplicationBuilder builder) =>
        builder.Services.AddSingleton<ActivityShapes>().AddSingleton<TreeNames>().AddSingleton<IConditions, Conditions>()
            .AddSingleton<IContactConditions, ContactConditions>();
}
