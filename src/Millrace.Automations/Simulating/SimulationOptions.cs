using System.ComponentModel.DataAnnotations;

namespace Millrace.Automations.Simulating;

/// <summary>Settings of the simulator.</summary>
internal sealed class SimulationOptions
{
    public const string Section = "Millrace:Simulation";

    /// <summary>Seconds of computing after which a simulation ends with what it has found so far.</summary>
    [Range(0.01, 60)]
    public double TimeLimitSeconds { get; init; } = 10;
}
