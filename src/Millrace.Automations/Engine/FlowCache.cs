using System.Collections.Concurrent;
using System.Text.Json;
using Millrace.Automations.Definitions;
using Millrace.Kernel.Data;
using Npgsql;

namespace Millrace.Automations.Engine;

/// <summary>Published versions, read once. A version never changes, so what is remembered is never wrong.</summary>
internal sealed class FlowCache(FlowReader reader)
{
    private const int Capacity = 2_000;
    private readonly ConcurrentDictionary<(long AccountId, long AutomationId, int Version), Flow> _flows = new();

    /// <summary>The versions asked for, by automation.</summary>
    public async Task<Dictionary<long, Flow>> LoadAsync(
        NpgsqlTransaction transaction, long accountId, IReadOnlyCollection<(long AutomationId, int Version)> wanted, CancellationToken cancellationToken)
    {
        var missing = wanted.Where(w => !_flows.ContainsKey((accountId, w.AutomationId, w.Version))).ToList();
        var fresh = new Dictionary<(long, int), Flow>();
        if (missing.Count > 0)
        {
            var rows = await Sql.Of($"""
                select v.automation_id, v.number, v.document
                from unnest({missing.Select(m => m.AutomationId).ToArray()}, {missing.Select(m => m.Version).ToArray()}) as w (automation_id, number)
                join automations.version v on v.account_id = {accountId} and v.automation_id = w.automation_id and v.number = w.number
                """).ListAsync<VersionRow>(transaction, cancellationToken);
            if (_flows.Count > Capacity)
            {
                _flows.Clear();
            }

            foreach (var (automationId, number, document) in rows)
            {
                var flow = reader.Read(document, published: true).Flow;
                fresh[(automationId, number)] = flow;
                _flows[(accountId, automationId, number)] = flow;
            }
        }

        var found = new Dictionary<long, Flow>();
        foreach (var (automationId, version) in wanted)
        {
            if (_flows.TryGetValue((accountId, automationId, version), out var flow) || fresh.TryGetValue((automationId, version), out flow))
            {
                found[automationId] = flow;
            }
        }

        return found;
    }

    private sealed record VersionRow(long AutomationId, int Number, JsonElement Document);
}
