using System.Text.Json.Nodes;

namespace Millrace.Automations.Tests.Properties;

/// <summary>Things a random automation can point to. Tags and the number are its own, so that what happens to a contact through them can be told from its path alone.</summary>
/// <param name="Others">Automations made before it.</param>
internal sealed record Things(long[] Tags, long Number, long Text, long Date, long List, long User, long Template, long[] Others, string Mark);

/// <summary>Random documents out of every step there is.</summary>
internal sealed class RandomFlow(Random random, Things things)
{
    /// <summary>Which of its tags takes a contact out, where one does.</summary>
    public const int Exit = 0;

    private readonly List<string> _ids = [];
    private int _made;

    /// <summary>Types this can make; a test compares them with the catalogue.</summary>
    public static readonly string[] Kinds =
    [
        "tag.add", "tag.remove", "field.set", "math.compute", "note.add", "email.send", "personal.send", "transactional.send", "user.notify", "list.subscribe", "list.unsubscribe", "owner.assign", "webhook.post",
        "wait.for", "wait.until", "wait.until_time", "wait.until_date", "flow.if", "flow.split", "goal", "flow.goto", "flow.start_automation", "flow.end_automation", "flow.end",
        "contact.delete",
    ];

    public JsonObject Document()
    {
        var steps = Lane(random.Next(3, 9), 0);
        foreach (var go in Each(steps).Where(s => (string)s["type"]! == "flow.goto"))
        {
            go["step"] = _ids[random.Next(_ids.Count)];
        }

        var document = new JsonObject { ["entry"] = "any", ["triggers"] = new JsonArray(), ["steps"] = steps };
        if (random.Next(4) == 0)
        {
            document["exit_when"] = Has(Exit);
        }

        return document;
    }

    /// <summary>Another version: a step more, or one less, and now and then with or without an exit.</summary>
    public JsonObject Edited(JsonObject document)
    {
        var edited = (JsonObject)document.DeepClone();
        var steps = edited["steps"]!.AsArray();
        if (random.Next(6) == 0 && !edited.Remove("exit_when"))
        {
            edited["exit_when"] = Has(Exit);
        }

        _made = 1_000 + random.Next(1_000_000);
        if (random.Next(2) == 0 || steps.Count < 3)
        {
            steps.Insert(random.Next(steps.Count + 1), Step("note.add", 2));
        }
        else
        {
            var gone = steps[random.Next(steps.Count)]!.AsObject();
            var inside = Each(new JsonArray(gone.DeepClone())).Select(s => (string)s["id"]!).ToHashSet(StringComparer.Ordinal);
            // A go-to that leads nowhere could not be published, nor can a split that somebody has passed be put back.
            if (!Each(steps).Any(s => (string)s["type"]! == "flow.goto" && inside.Contains((string)s["step"]!) && !inside.Contains((string)s["id"]!)))
            {
                steps.Remove(gone);
            }
        }

        return edited;
    }

    public static IEnumerable<JsonObject> Each(JsonArray steps) => steps.OfType<JsonObject>()
        .SelectMany(s => s.Where(m => m.Value is JsonArray && m.Key is "yes" or "no" or "a" or "b" or "c").SelectMany(m => Each((JsonArray)m.Value!)).Prepend(s));

    private JsonArray Lane(int count, int depth) => [.. Enumerable.Range(0, count).Select(_ => (JsonNode)Step(Kind(), depth))];

    private string Kind() => random.Next(60) switch
    {
        < 46 => Kinds[random.Next(Kinds.Length - 4)],
        < 49 => "flow.start_automation",
        < 51 => "flow.end_automation",
        < 52 => "flow.end",
        < 53 => random.Next(12) == 0 ? "contact.delete" : "tag.add",
        < 57 => "flow.if",
        _ => "wait.for",
    };

    private JsonObject Step(string kind, int depth)
    {
        if (depth >= 2 && kind is "flow.if" or "flow.split")
        {
            kind = "note.add";
        }

        var id = $"s{++_made}";
        var step = new JsonObject { ["id"] = id, ["type"] = kind };
        if (kind != "flow.end")
        {
            _ids.Add(id);
        }

        switch (kind)
        {
            case "tag.add" or "tag.remove":
                step["tag"] = things.Tags[random.Next(2)];
                break;
            case "field.set":
                (step["field"], step["value"]) = (things.Text, $"v{random.Next(3)}");
                break;
            case "math.compute":
                (step["field"], step["operation"], step["value"]) = (things.Number, "add", random.Next(1, 9));
                break;
            case "note.add":
                step["text"] = $"{things.Mark} {id}";
                break;
            case "email.send":
                (step["subject"], step["html"]) = ("Hi %FIRSTNAME|there%", "<p>Hi</p><p>%UNSUBSCRIBELINK% %SENDER-INFO%</p>");
                break;
            case "personal.send":
                (step["subject"], step["body"], step["from"], step["user"]) = ("Hi %FIRSTNAME|there%", "How are you?", "user", things.User);
                break;
            case "transactional.send":
                (step["template"], step["from"], step["model"]) = (things.Template, "shop@sender.example", "who = %FIRSTNAME|you%");
                break;
            case "user.notify":
                (step["subject"], step["text"], step["users"]) = ("Look", "Here", new JsonArray(things.User));
                break;
            case "list.subscribe" or "list.unsubscribe":
                step["list"] = things.List;
                break;
            case "owner.assign":
                step["users"] = new JsonArray(things.User);
                break;
            case "webhook.post":
                step["url"] = "https://hooks.example.org/x";
                break;
            case "wait.for":
                step["duration"] = new[] { "PT1H", "PT20H", "P1D", "P2D" }[random.Next(4)];
                break;
            case "wait.until":
                (step["conditions"], step["timeout"]) = (Has(random.Next(2)), "P2D");
                break;
            case "wait.until_time":
                step["hour"] = random.Next(24);
                break;
            case "wait.until_date":
                step["field"] = things.Date;
                break;
            case "flow.if":
                (step["conditions"], step["yes"], step["no"]) = (Has(random.Next(2)), Lane(random.Next(0, 3), depth + 1), Lane(random.Next(0, 3), depth + 1));
                break;
            case "flow.split":
                var paths = random.Next(2, 4);
                (step["mode"], step["paths"]) = ("even", paths);
                foreach (var path in new[] { "a", "b", "c" }[..paths])
                {
                    step[path] = Lane(random.Next(0, 3), depth + 1);
                }

                break;
            case "goal":
                (step["name"], step["conditions"]) = (id, Has(1));
                (step["position"], step["otherwise"]) = (random.Next(3) == 0 ? "anywhere" : "below", new[] { "continue", "wait", "end" }[random.Next(3)]);
                break;
            case "flow.start_automation":
                step["automation"] = things.Others[random.Next(things.Others.Length)];
                break;
            case "flow.end_automation":
                var which = random.Next(4);
                step["which"] = which switch { 0 => "this", 1 => "all", _ => "other" };
                if (which > 1)
                {
                    step["automation"] = things.Others[random.Next(things.Others.Length)];
                }

                break;
            default:
                break;
        }

        return step;
    }

    private JsonObject Has(int tag) => new() { ["all"] = new JsonArray(new JsonObject { ["field"] = "tag", ["op"] = "has", ["value"] = things.Tags[tag] }) };
}
