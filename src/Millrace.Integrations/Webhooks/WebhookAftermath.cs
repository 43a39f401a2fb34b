using System.Text.Json;
using Millrace.Kernel.Data;
using Millrace.Kernel.Extensibility;
using Npgsql;

namespace Millrace.Integrations.Webhooks;

/// <summary>
/// What has become of the calls of a run: <c>webhook_queued</c>, <c>webhook_retrying</c> (it failed and is called again), <c>webhook_delivered</c>, <c>webhook_failed</c>,
/// <c>webhook_cancelled</c>; with <c>attempts</c>, the answer's <c>status</c>, the <c>problem</c> in a word and <c>next</c>, when it is called again.
/// </summary>
internal sealed class WebhookAftermath : IStepAftermath
{
    public async Task<IReadOnlyDictionary<int, StepAftermath>> OfRunAsync(
        NpgsqlTransaction transaction, long accountId, long runId, CancellationToken cancellationToken)
    {
        var calls = await Sql.Of($"""
            select visit_no, state, attempts, status_code, problem, next_at from integrations.webhook_delivery where account_id = {accountId} and run_id = {runId}
            """).ListAsync<Call>(transaction, cancellationToken);
        return calls.ToDictionary(c => c.VisitNo, Told);
    }

    private static StepAftermath Told(Call call)
    {
        var values = new Dictionary<string, JsonElement>(StringComparer.Ordinal) { ["attempts"] = JsonSerializer.SerializeToElement(call.Attempts) };
        if (call.StatusCode is { } status)
        {
            values["status"] = JsonSerializer.SerializeToElement(status);
        }

        if (call.Problem is { } problem)
        {
            values["problem"] = JsonSerializer.SerializeToElement(problem);
        }

        if (call.NextAt is { } next)
        {
            values["next"] = JsonSerializer.SerializeToElement(next);
        }

        return new StepAftermath(call is { State: "queued", Problem: not null } ? "webhook_retrying" : $"webhook_{call.State}", values);
    }

    private sealed record Call(int VisitNo, string State, short Attempts, short? StatusCode, string? Problem, DateTimeOffset? NextAt);
}
