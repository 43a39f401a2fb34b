using System.Reflection;
using System.Text.Json;

namespace Millrace.Messaging.Design;

/// <summary>A design to begin with. Choosing one copies it.</summary>
internal sealed record StarterDesign
{
    public required string Key { get; init; }

    public required string Name { get; init; }

    public required string Category { get; init; }

    public required string Description { get; init; }

    public required MailDesign Design { get; init; }

    /// <summary>All starters, in the order of their files' names.</summary>
    public static IReadOnlyList<StarterDesign> All { get; } = Load();

    private static StarterDesign[] Load()
    {
        var assembly = typeof(StarterDesign).Assembly;
        return [.. assembly.GetManifestResourceNames()
            .Where(n => n.Contains(".Design.Starters.", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)
            .Select(n => Read(assembly, n))];
    }

    private static StarterDesign Read(Assembly assembly, string name)
    {
        using var stream = assembly.GetManifestResourceStream(name)!;
        return JsonSerializer.Deserialize(stream, DesignJsonContext.Default.StarterDesign)!;
    }
}
