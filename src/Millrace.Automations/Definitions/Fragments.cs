using System.Text.Json;
using System.Text.Json.Nodes;
using Millrace.Kernel.Data;
using Millrace.Kernel.Errors;
using Millrace.Segments.Contracts;

namespace Millrace.Automations.Definitions;

/// <summary>Steps on their way through a clipboard: with names instead of ids outside, strictly read when they come back.</summary>
internal sealed class Fragments(DocumentNames names, DocumentNodes nodes, FlowReader reader, TimeProvider clock)
{
    /// <summary>Ids to names.</summary>
    public async Task<JsonElement> ToNamesAsync(AccountTransaction work, long accountId, JsonElement steps, CancellationToken cancellationToken)
    {
        var document = Read(steps);
        await names.ToNamesAsync(work, accountId, document, cancellationToken);
        return JsonElement.Parse(document["steps"]!.ToJsonString());
    }

    /// <summary>Names to ids; ids stay. What is unfinished may stay so, as in any draft; what is misshapen is refused.</summary>
    /// <returns>The steps, each with an id; options whose thing is not here are left out of them.</returns>
    /// <exception cref="InvalidInputException">Everything that is no step.</exception>
    public async Task<(JsonElement Steps, List<MissingName> Missing)> ToIdsAsync(
        AccountTransaction work, long accountId, JsonElement steps, CancellationToken cancellationToken)
    {
        var document = Read(steps);
        nodes.FillIds(document);
        var resolution = new NameResolution(Create: false, clock.GetUtcNow()) { AcceptsIds = true };
        await names.ToIdsAsync(work, accountId, document, resolution, cancellationToken);
        names.RemoveUnknown(document);
        var problems = reader.Read(JsonElement.Parse(document.ToJsonString())).Problems.Where(p => p.Structural).Select(p => p.AsError()).ToList();
        return problems.Count > 0
            ? throw new InvalidInputException(problems)
            : (JsonElement.Parse(document["steps"]!.ToJsonString()), resolution.MissingNames);
    }

    private static JsonObject Read(JsonElement steps)
    {
        if (steps.ValueKind != JsonValueKind.Array || steps.GetArrayLength() is 0 or > FlowReader.MaxSteps)
        {
            throw new InvalidInputException("/steps", "length", $"1 to {FlowReader.MaxSteps} steps are needed here.");
        }

        try
        {
            return new JsonObject { ["triggers"] = new JsonArray(), ["steps"] = JsonNode.Parse(steps.GetRawText()) };
        }
        catch (ArgumentException)
        {
            throw new InvalidInputException("/steps", "duplicate_key", "A member stands twice in one step.");
        }
    }
}
