using System.Text.Json;

namespace Millrace.Messaging.Design;

/// <summary>Checks a block's options against their description: no unknown key, right type, within limits.</summary>
internal static class BlockOptionCheck
{
    private const int MaxText = 2000;
    private const int MaxLongText = 200_000;
    private const int MaxItems = 50;

    public static void Check(IReadOnlyList<BlockOption> described, IReadOnlyDictionary<string, JsonElement> options, string path)
    {
        foreach (var (key, value) in options)
        {
            var option = described.FirstOrDefault(o => string.Equals(o.Key, key, StringComparison.Ordinal))
                ?? throw new DesignInvalidException($"{path}/{key}", "unknown_name", "This block has no such option.");
            if (!IsValid(option, value, $"{path}/{key}"))
            {
                throw new DesignInvalidException($"{path}/{key}", "design_invalid", $"Not a valid {option.Type}.");
            }
        }
    }

    private static bool IsValid(BlockOption option, JsonElement value, string path) => option.Type switch
    {
        "integer" => value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var n) && n >= option.Least && n <= option.Most,
        "switch" => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
        "list" => value.ValueKind == JsonValueKind.Array && value.GetArrayLength() <= MaxItems && CheckItems(option, value, path),
        _ when value.ValueKind != JsonValueKind.String => false,
        "choice" => option.Choices!.Contains(value.GetString()!, StringComparer.Ordinal),
        "colour" => value.GetString() is "" || DesignCheck.Colour().IsMatch(value.GetString()!),
        "rich_text" or "long_text" or "html" => value.GetString()!.Length <= MaxLongText,
        _ => value.GetString()!.Length <= MaxText,
    };

    private static bool CheckItems(BlockOption option, JsonElement items, string path)
    {
        var n = 0;
        foreach (var item in items.EnumerateArray())
        {
            if (item.ValueKind != JsonValueKind.Object)
            {
                return false;
            }

            Check(option.Fields ?? [], item.EnumerateObject().ToDictionary(p => p.Name, p => p.Value, StringComparer.Ordinal), $"{path}/{n++}");
        }

        return true;
    }
}
