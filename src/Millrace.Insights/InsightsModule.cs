using Microsoft.Extensions.Hosting;
using Millrace.Kernel.Modules;

namespace Millrace.Insights;

/// <summary>Asks the reports of all modules, and hands them out as pages and files. Owns the schema <c>insights</c>.</summary>
public sealed class InsightsModule : IModule
{
    public static string Name => "insights";

    public static void AddServices(IHostApplicationBuilder builder)
    {
        // Reports are found by the scan; they live with the data they read.
    }
}
