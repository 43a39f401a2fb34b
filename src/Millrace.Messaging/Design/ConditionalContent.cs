using System.Text.Json;
using Millrace.Messaging.Sending;

namespace Millrace.Messaging.Design;

/// <summary>
/// Sections and blocks that only some contacts see, by a condition tree. Before rendering each distinct tree gets a number and becomes part of the
/// template's condition (<c>SHOW:1</c>), so the renderer knows of one way to leave something out.
/// </summary>
internal static class ConditionalContent
{
    /// <returns>The design to render, and the trees in the order of their numbers.</returns>
    /// <exception cref="DesignInvalidException">Too many trees, or one that conditional content does not take.</exception>
    public static (MailDesign Design, IReadOnlyList<JsonElement> Trees) Fold(MailDesign design)
    {
        ArgumentNullException.ThrowIfNull(design);
        var trees = new Trees();
        var sections = design.Sections.Select((section, s) => section with
        {
            ShowWhen = trees.Join(section.ShowWhen, section.Conditions, $"/sections/{s}"),
            Columns = [.. section.Columns.Select((column, c) => column with
            {
                Blocks = [.. column.Blocks.Select((block, b) => block with
                {
                    ShowWhen = trees.Join(block.ShowWhen, block.Conditions, $"/sections/{s}/columns/{c}/blocks/{b}"),
                })],
            })],
        }).ToList();
        return trees.All.Count == 0 ? (design, []) : (design with { Sections = sections }, trees.All);
    }

    /// <summary>Whether a tree asks something; a fresh one in the builder does not yet.</summary>
    private static bool Asks(JsonElement tree) => tree.ValueKind == JsonValueKind.Object
        && tree.EnumerateObject().Any(m => m.Value.ValueKind != JsonValueKind.Array || m.Value.GetArrayLength() > 0);

    /// <summary>A time span on what somebody did; mails are looked at long after they were sent, so it would mean something else each time.</summary>
    private static bool HasWindow(JsonElement node) => node.ValueKind switch
    {
        JsonValueKind.Object => (node.TryGetProperty("activity", out _) && node.EnumerateObject().Any(m => m.Name is "within" or "between" && m.Value.ValueKind != JsonValueKind.Null))
            || node.EnumerateObject().Any(m => HasWindow(m.Value)),
        JsonValueKind.Array => node.EnumerateArray().Any(HasWindow),
        _ => false,
    };

    private sealed class Trees
    {
        private readonly Dictionary<string, int> _numbers = new(StringComparer.Ordinal);

        public List<JsonElement> All { get; } = [];

        public string? Join(string? showWhen, JsonElement? conditions, string path)
        {
            if (conditions is not { } tree || !Asks(tree))
            {
                return showWhen;
            }

            if (HasWindow(tree))
            {
                throw new DesignInvalidException(path + "/conditions", "window_not_allowed", "Conditional content does not ask for activity within a time span.");
            }

            var key = tree.GetRawText();
            if (!_numbers.TryGetValue(key, out var number))
            {
                if (All.Count == ShownParts.Most)
                {
                    throw new DesignInvalidException(path + "/conditions", "too_many", $"A mail has at most {ShownParts.Most} different conditions.");
                }

                All.Add(tree);
                _numbers[key] = number = All.Count;
            }

            return string.IsNullOrWhiteSpace(showWhen) ? $"SHOW:{number}" : $"({showWhen}) && SHOW:{number}";
        }
    }
}
