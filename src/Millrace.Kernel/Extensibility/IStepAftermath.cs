using System.Text.Json;
using Npgsql;

namespace Millrace.Kernel.Extensibility;

/// <summary>
/// What has become of something that a step set going while the contact went on, such as a call to another system. Told with the step on the contact's path.
/// One line in the module registers it.
/// </summary>
public interface IStepAftermath
{
    /// <returns>By number of the visit, for those of the run that set something going.</returns>
    Task<IReadOnlyDictionary<int, StepAftermath>> OfRunAsync(NpgsqlTransaction transaction, long accountId, long runId, CancellationToken cancellationToken);
}

/// <summary>Whoever shows it puts it into words.</summary>
/// <param name="Code">What happened, such as <c>webhook_delivered</c>.</param>
/// <param name="Values">What belongs to the code: <c>{"status":200,"attempts":2}</c>.</param>
public sealed record StepAftermath(string Code, IReadOnlyDictionary<string, JsonElement> Values);
