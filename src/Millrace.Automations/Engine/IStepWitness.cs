using Millrace.Automations.Definitions;
using Millrace.Kernel.Extensibility;

namespace Millrace.Automations.Engine;

/// <summary>Looks on while a simulation walks.</summary>
internal interface IStepWitness
{
    /// <summary>What is to be taken for the outcome of a step that is not carried out; null: it is.</summary>
    StepOutcome? InsteadOf(FlowStep step);

    /// <summary>A step was carried out, in the transaction of the walk.</summary>
    Task SawAsync(FlowStep step, ActionBatch batch, IReadOnlyList<StepOutcome> outcomes, CancellationToken cancellationToken);
}
