using System.Text.Json;
using System.Text.RegularExpressions;
using Millrace.Kernel.Data;
using Millrace.Kernel.Errors;
using Millrace.Kernel.Extensibility;
using Millrace.Segments.Contracts;

namespace Millrace.Automations.Definitions;

/// <summary>Reads a document (with ids) strictly: unknown keys and types, references to no step, bad values. Says everything at once.</summary>
internal sealed partial class FlowReader(Catalogue<AutomationTrigger> triggers, Catalogue<AutomationAction> actions, IConditions conditions)
{
    public const int MaxSteps = 500;

    /// <summary>Member of the document: the conditions that end it for whoever fulfils them.</summary>
    public const string ExitKey = "exit_when";

    private const int MaxDepth = 20;
    private static readonly HashSet<string> Keys = new(StringComparer.Ordinal) { "entry", "triggers", "steps", "unsubscribe_lists", "exit_on_unsubscribe", "exit_when", "notes" };
    private static readonly HashSet<string> TriggerFrame = new(StringComparer.Ordinal) { "id", "type", "runs", "where" };

    /// <param name="published">The document is a published version, in which the server's own members may stand.</param>
    public (Flow Flow, List<FlowProblem> Problems) Read(JsonElement document, bool published = false)
    {
        var reading = new Reading(this, published);
        var flow = reading.Document(document);
        return (flow, reading.Problems);
    }

    [GeneratedRegex(@"\A[A-Za-z0-9_-]{1,64}\z", RegexOptions.NonBacktracking)]
    private static partial Regex KeyShape();

    private sealed class Reading(FlowReader reader, bool published)
    {
        private readonly List<FlowStep> _steps = [];
        private readonly HashSet<string> _stepKeys = new(StringComparer.Ordinal);
        private readonly List<(string? StepId, string Path, string Target)> _references = [];

        public List<FlowProblem> Problems { get; } = [];

        public Flow Document(JsonElement document)
        {
            if (document.ValueKind != JsonValueKind.Object)
            {
                Structural(null, string.Empty, "wrong_type", "An object is needed here.");
                return Empty();
            }

            foreach (var member in document.EnumerateObject().Where(m => !Keys.Contains(m.Name)))
            {
                Structural(null, $"/{member.Name}", "unknown_key", $"There is no {member.Name} in an automation.");
            }

            var entry = Choice<EntryRule>(document, "entry", string.Empty, null);
            var triggers = List(document, "triggers", string.Empty).Select((t, i) => Trigger(t, $"/triggers/{i}")).OfType<FlowTrigger>().ToList();
            foreach (var twice in triggers.GroupBy(t => t.Key, StringComparer.Ordinal).Where(g => g.Count() > 1))
            {
                Structural(twice.Key, twice.Last().Pointer + "/id", "duplicate_id", $"The id {twice.Key} is used twice.");
            }

            Lane(List(document, "steps", string.Empty), "/steps", after: null, depth: 0);
            if (_steps.Count > MaxSteps)
            {
                Structural(null, "/steps", "too_many_steps", $"An automation has at most {MaxSteps} steps.");
            }

            Notes(document);
            var exit = Exit(document);
            foreach (var (stepId, path, target) in _references.Where(r => !_stepKeys.Contains(r.Target)))
            {
                Problem(stepId, path, "step_missing", $"There is no step {target}.");
            }

            _steps.Sort((a, b) => a.Index.CompareTo(b.Index));
            var flow = new Flow
            {
                Entry = entry,
                Triggers = triggers,
                Steps = _steps,
                UnsubscribeLists = Lists(document),
                ExitOnUnsubscribe = Flag(document, "exit_on_unsubscribe"),
                Exit = exit,
            };
            return FlowGoals.Attach(flow, reader);
        }

        /// <summary>Reads one list of steps; what follows its last step is given.</summary>
        /// <returns>Key of its first step, or what follows when it is empty.</returns>
        private string? Lane(IReadOnlyList<JsonElement> items, string pointer, string? after, int depth)
        {
            if (depth > MaxDepth)
            {
                Structural(null, pointer, "too_deep", $"Branches stand at most {MaxDepth} deep in each other.");
                return after;
            }

            // From the first to the last for the order of the document; the key of the next is needed before its turn.
            var keys = items.Select((item, i) => KeyOf(item, $"{pointer}/{i}")).ToList();
            for (var i = 0; i < items.Count && _steps.Count <= MaxSteps; i++)
            {
                if (keys[i] is { } key)
                {
                    Step(items[i], key, $"{pointer}/{i}", keys.Skip(i + 1).FirstOrDefault(k => k is not null) ?? after, depth);
                }
            }

            return keys.FirstOrDefault(k => k is not null) ?? after;
        }

        private void Step(JsonElement json, string key, string pointer, string? next, int depth)
        {
            var type = json.GetProperty("type").GetString()!;
            var action = reader.ActionOf(type);
            var index = _stepKeys.Count;
            if (!_stepKeys.Add(key))
            {
                Structural(key, pointer + "/id", "duplicate_id", $"The id {key} is used twice.");
            }

            if (action is null)
            {
                Structural(key, pointer + "/type", "unknown_type", $"There is no step type {type}.");
            }

            var branches = new Dictionary<string, string?>(StringComparer.Ordinal);
            var errors = new List<FieldError>();
            var frame = new HashSet<string>(action?.Branches ?? [], StringComparer.Ordinal) { "id", "type" };
            var settings = action is null ? null : SettingsReader.Read(action.SettingsType, json, pointer, errors, frame, published);
            if (settings is not null)
            {
                errors.AddRange(action!.Check(settings).Select(e => new FieldError($"{pointer}/{e.Path.TrimStart('/')}", "invalid", e.Message)));
            }

            var named = action is null ? [] : References(action, json, key, pointer);
            var sound = Conditions(action, json, pointer, errors);
            foreach (var error in errors)
            {
                Problem(key, error.Path, error.Code, error.Message, error.Code is "unknown_key" or "duplicate_key");
            }

            // Its place in the list is taken before its branches take theirs: document order.
            var place = _steps.Count;
            _steps.Add(null!);
            var open = settings is null ? action?.Branches ?? [] : action!.BranchesOf(settings);
            foreach (var branch in action?.Branches ?? [])
            {
                // The steps of a branch nobody can take are there all the same.
                var to = Lane(List(json, branch, pointer), $"{pointer}/{branch}", next, depth + 1);
                if (open.Contains(branch))
                {
                    branches[branch] = to;
                }
            }

            _steps[place] = new FlowStep
            {
                Key = key,
                Type = type,
                Index = index,
                Pointer = pointer,
                Action = action,
                Settings = sound ? settings : null,
                Raw = Own(json, frame),
                Next = next,
                Branches = branches,
                References = named,
            };
        }

        private string? KeyOf(JsonElement item, string pointer)
        {
            if (item.ValueKind != JsonValueKind.Object || !item.TryGetProperty("type", out var type) || type.ValueKind != JsonValueKind.String)
            {
                Structural(null, pointer + "/type", "required", "A step is an object with a type.");
                return null;
            }

            if (item.TryGetProperty("id", out var id) && id.ValueKind == JsonValueKind.String && KeyShape().IsMatch(id.GetString()!))
            {
                return id.GetString();
            }

            Structural(null, pointer + "/id", "invalid_id", "An id has 1 to 64 letters, digits, - or _.");
            return null;
        }

        private FlowTrigger? Trigger(JsonElement json, string pointer)
        {
            if (KeyOf(json, pointer) is not { } key)
            {
                return null;
            }

            var type = json.GetProperty("type").GetString()!;
            var definition = reader.TriggerOf(type);
            var errors = new List<FieldError>();
            if (definition is null)
            {
                Structural(key, pointer + "/type", "unknown_type", $"There is no trigger {type}.");
            }

            var settings = definition is null ? null : SettingsReader.Read(definition.SettingsType, json, pointer, errors, TriggerFrame);
            if (settings is not null)
            {
                errors.AddRange(definition!.Check(settings).Select(e => new FieldError($"{pointer}/{e.Path.TrimStart('/')}", "invalid", e.Message)));
                settings = errors.Count == 0 ? settings : null;
            }

            ConditionTree? where = null;
            if (json.TryGetProperty("where", out var tree) && tree.ValueKind != JsonValueKind.Null)
            {
                where = reader.Parse(tree, pointer + "/where", errors);
                settings = where is null ? null : settings;
            }

            foreach (var error in errors)
            {
                Problem(key, error.Path, error.Code, error.Message, error.Code is "unknown_key" or "duplicate_key");
            }

            return new FlowTrigger(key, type, definition, settings, Choice<TriggerRuns>(json, "runs", pointer, key), where is { IsEmpty: true } ? null : where, pointer);
        }

        private bool Conditions(AutomationAction? action, JsonElement json, string pointer, List<FieldError> errors)
        {
            var before = errors.Count;
            foreach (var member in action is null ? [] : SettingsShape.Of(action.SettingsType).Members.Where(m => m.IsConditions))
            {
                if (json.TryGetProperty(member.Key, out var tree) && tree.ValueKind == JsonValueKind.Object)
                {
                    reader.Parse(tree, $"{pointer}/{member.Key}", errors);
                }
            }

            return errors.Count == before;
        }

        private List<string> References(AutomationAction action, JsonElement json, string key, string pointer)
        {
            var named = new List<string>();
            foreach (var member in SettingsShape.Of(action.SettingsType).Members)
            {
                if (!json.TryGetProperty(member.Key, out var value))
                {
                    continue;
                }

                if (member.IsStep && value.ValueKind == JsonValueKind.String)
                {
                    named.Add(value.GetString()!);
                    _references.Add((key, $"{pointer}/{member.Key}", value.GetString()!));
                }
                else if (member.IsConditions)
                {
                    foreach (var (path, step) in StepsInConditions(value, $"{pointer}/{member.Key}"))
                    {
                        _references.Add((key, path, step));
                    }
                }
            }

            return named;
        }

        private static IEnumerable<(string Path, string Step)> StepsInConditions(JsonElement tree, string pointer) => tree.ValueKind switch
        {
            JsonValueKind.Object => tree.EnumerateObject().SelectMany(m =>
                m.Name == "step" && m.Value.ValueKind == JsonValueKind.String && tree.TryGetProperty("activity", out _)
                    ? [($"{pointer}/step", m.Value.GetString()!)]
                    : StepsInConditions(m.Value, $"{pointer}/{m.Name}")),
            JsonValueKind.Array => tree.EnumerateArray().SelectMany((item, i) => StepsInConditions(item, $"{pointer}/{i}")),
            _ => [],
        };

        private IReadOnlyList<long>? Lists(JsonElement document)
        {
            if (!document.TryGetProperty("unsubscribe_lists", out var lists) || lists.ValueKind == JsonValueKind.Null)
            {
                return null;
            }

            if (lists.ValueKind == JsonValueKind.Array && lists.EnumerateArray().All(l => l.ValueKind == JsonValueKind.Number && l.TryGetInt64(out _)))
            {
                // None chosen is the same as nothing said: a link that takes nobody off anything would be a lie.
                return lists.GetArrayLength() == 0 ? null : [.. lists.EnumerateArray().Select(l => l.GetInt64())];
            }

            Structural(null, "/unsubscribe_lists", "wrong_type", "A list of lists is needed here.");
            return null;
        }

        private bool Flag(JsonElement document, string name)
        {
            if (!document.TryGetProperty(name, out var flag) || flag.ValueKind is JsonValueKind.False or JsonValueKind.Null)
            {
                return false;
            }

            if (flag.ValueKind != JsonValueKind.True)
            {
                Structural(null, $"/{name}", "wrong_type", "True or false is needed here.");
            }

            return true;
        }

        private FlowExit? Exit(JsonElement document)
        {
            if (!document.TryGetProperty(ExitKey, out var json) || json.ValueKind == JsonValueKind.Null)
            {
                return null;
            }

            var pointer = $"/{ExitKey}";
            var errors = new List<FieldError>();
            var tree = reader.Parse(json, pointer, errors);
            Problems.AddRange(errors.Select(e => new FlowProblem(ProblemSeverity.Error, null, e.Path, e.Code, e.Message, e.Code is "unknown_key" or "duplicate_key")));
            foreach (var (path, step) in StepsInConditions(json, pointer))
            {
                _references.Add((null, path, step));
            }

            // Without a condition it would hold for everybody; nothing is meant by it yet.
            return tree is null or { IsEmpty: true } ? null : new FlowExit(tree, reader.ConditionsOf.IsTimeDependent(tree), json.GetRawText());
        }

        /// <summary>Notes are for people; the engine does not read them.</summary>
        private void Notes(JsonElement document)
        {
            var seen = new HashSet<string>(StringComparer.Ordinal);
            foreach (var (note, pointer) in List(document, "notes", string.Empty).Select((n, i) => (n, $"/notes/{i}")))
            {
                var errors = new List<FieldError>();
                if (SettingsReader.Read(typeof(FlowNote), note, pointer, errors) is FlowNote { Id: { } id } read)
                {
                    if (!KeyShape().IsMatch(id) || !seen.Add(id))
                    {
                        Structural(null, pointer + "/id", KeyShape().IsMatch(id) ? "duplicate_id" : "invalid_id", "An id has 1 to 64 letters, digits, - or _, and is used once.");
                    }

                    if (read.Step is { } step)
                    {
                        _references.Add((null, pointer + "/step", step));
                    }
                }

                Problems.AddRange(errors.Select(e => new FlowProblem(ProblemSeverity.Error, null, e.Path, e.Code, e.Message, Structural: true)));
            }

            if (List(document, "notes", string.Empty).Count > MaxSteps)
            {
                Structural(null, "/notes", "too_many_notes", $"An automation has at most {MaxSteps} notes.");
            }
        }

        private IReadOnlyList<JsonElement> List(JsonElement parent, string name, string pointer)
        {
            if (!parent.TryGetProperty(name, out var list))
            {
                return [];
            }

            if (list.ValueKind != JsonValueKind.Array)
            {
                Structural(null, $"{pointer}/{name}", "wrong_type", "A list is needed here.");
                return [];
            }

            return [.. list.EnumerateArray()];
        }

        private TEnum Choice<TEnum>(JsonElement parent, string name, string pointer, string? key)
            where TEnum : struct, Enum
        {
            if (!parent.TryGetProperty(name, out var value))
            {
                return default;
            }

            if (value.ValueKind == JsonValueKind.String && EnumNames<TEnum>.TryParse(value.GetString()!, out var choice))
            {
                return choice;
            }

            Structural(key, $"{pointer}/{name}", "unknown_choice", $"One of {string.Join(", ", Enum.GetValues<TEnum>().Select(EnumNames<TEnum>.NameOf))} is needed.");
            return default;
        }

        private static string Own(JsonElement json, HashSet<string> frame) =>
            '{' + string.Join(',', json.EnumerateObject().Where(m => !frame.Contains(m.Name)).OrderBy(m => m.Name, StringComparer.Ordinal)
                .Select(m => JsonSerializer.Serialize(m.Name) + ':' + m.Value.GetRawText())) + '}';

        private void Structural(string? stepId, string path, string code, string message) => Problem(stepId, path, code, message, structural: true);

        private void Problem(string? stepId, string path, string code, string message, bool structural = false) =>
            Problems.Add(new FlowProblem(ProblemSeverity.Error, stepId, path.Length == 0 ? "/" : path, code, message, structural));

        private static Flow Empty() => new() { Entry = EntryRule.Any, Triggers = [], Steps = [], UnsubscribeLists = null };
    }

    private AutomationAction? ActionOf(string type) => actions.Find(type);

    private AutomationTrigger? TriggerOf(string type) => triggers.Find(type);

    /// <summary>Null when the tree is wrong; what is wrong is added.</summary>
    internal ConditionTree? Parse(JsonElement tree, string pointer, List<FieldError>? errors)
    {
        try
        {
            return conditions.Parse(tree, pointer);
        }
        catch (InvalidInputException e)
        {
            errors?.AddRange(e.Errors);
            return null;
        }
    }

    internal IConditions ConditionsOf => conditions;
}
