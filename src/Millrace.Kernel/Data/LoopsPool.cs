using Microsoft.Extensions.DependencyInjection;

namespace Millrace.Kernel.Data;

/// <summary>
/// Marks the database of the loops that run a few statements all day: a small pool of its own. In the large one connections take turns, so that each of
/// sixty would have to prepare and plan the same statement before it costs nothing. Who takes from it holds one connection at a time.
/// </summary>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class LoopsPoolAttribute() : FromKeyedServicesAttribute(Name)
{
    /// <summary>Key of the service.</summary>
    public const string Name = "loops";

    /// <summary>Two slices each of engine, reactor and sending, the ledger, the intake, and room for one that is slow.</summary>
    public const int Size = 10;
}
