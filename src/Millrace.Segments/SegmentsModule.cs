using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Millrace.Contacts.Contracts;
using Millrace.Kernel.Errors;
using Millrace.Kernel.Modules;
using Millrace.Kernel.Workers;
using Millrace.Segments.Contracts;
using Millrace.Segments.Definitions;
using Millrace.Segments.Happened;
using Millrace.Segments.Matching;
using Millrace.Segments.Naming;
using Millrace.Segments.Saved;

namespace Millrace.Segments;

/// <summary>Condition trees and what they compile to, and segments: trees with a name. Owns the schema <c>segments</c>.</summary>
public sealed class SegmentsModule : IModule
{
    public static string Name => "segments";

    public static void AddServices(IHostApplicationBuilder builder) =>
        builder.Services
            .AddSingleton<ActivityShapes>().AddSingleton<TreeNames>().AddSingleton<IConditions, Conditions>()
            .AddSingleton<IContactConditions, ContactConditions>()
            .AddSingleton<SegmentCounting>().AddSingleton<SegmentBook>().AddSingleton<SegmentChanges>().AddSingleton<SegmentUses>().AddSingleton<ISegmentUse, UsedInSegments>()
            .AddSingleton<IContactSubsets, SegmentMembers>()
            .AddSingleton<DefinitionStore>().AddSingleton<MatchRuns>().AddWorker<FinishMatchRuns>(idleDelay: TimeSpan.FromSeconds(2))
            .AddSingleton(new ConstraintError("segment_name_unique", "segment_exists", "A segment of this name exists."));
}
