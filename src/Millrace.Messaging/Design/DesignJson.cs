using System.Text.Json;
using System.Text.Json.Serialization;

namespace Millrace.Messaging.Design;

/// <summary>A design that cannot be used; answers 422 with the path of the fault.</summary>
internal sealed class DesignInvalidException(string path, string code, string message) : Exception($"{path}: {message}")
{
    public string Path { get; } = path;

    public string Code { get; } = code;
}

/// <summary>Reads and writes designs: snake case, unknown and duplicate members refused, limits checked.</summary>
internal static class DesignJson
{
    public const int MaxLength = 512 * 1024;

    /// <exception cref="DesignInvalidException">Not JSON of this shape, or a limit or an option is broken.</exception>
    public static MailDesign Read(string json)
    {
        ArgumentNullException.ThrowIfNull(json);
        if (json.Length > MaxLength)
        {
            throw new DesignInvalidException("", "design_too_large", "A design has at most 512 KB.");
        }

        try
        {
            var design = JsonSerializer.Deserialize(json, DesignJsonContext.Default.MailDesign)
                ?? throw new DesignInvalidException("", "design_invalid", "The design is null.");
            DesignCheck.Check(design);
            return design;
        }
        catch (JsonException broken)
        {
            throw new DesignInvalidException(broken.Path ?? "", "design_invalid", "The design is not of the expected shape.");
        }
    }

    /// <summary>A section on its own, as saved and shared parts are.</summary>
    /// <exception cref="DesignInvalidException">As <see cref="Read"/>; its path begins in the section.</exception>
    public static DesignSection ReadSection(string json)
    {
        try
        {
            return Read($"{{\"sections\":[{json}]}}").Sections is [var only] ? only : throw new DesignInvalidException("", "design_invalid", "This is not one section.");
        }
        catch (DesignInvalidException e) when (e.Path.StartsWith("/sections/0", StringComparison.Ordinal))
        {
            throw new DesignInvalidException(e.Path["/sections/0".Length..], e.Code, e.Message);
        }
    }

    public static string WriteSection(DesignSection section) => JsonSerializer.Serialize(section, DesignJsonContext.Default.DesignSection);

    public static string Write(MailDesign design) => JsonSerializer.Serialize(design, DesignJsonContext.Default.MailDesign);
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    AllowDuplicateProperties = false,
    MaxDepth = 64)]
[JsonSerializable(typeof(MailDesign))]
[JsonSerializable(typeof(DesignSection))]
[JsonSerializable(typeof(Templates.LibraryFile))]
[JsonSerializable(typeof(IReadOnlyList<BlockDescription>))]
internal sealed partial class DesignJsonContext : JsonSerializerContext;
