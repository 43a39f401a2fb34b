namespace Millrace.Messaging.Design;

/// <summary>Fonts that every mail reader has, each with what stands in for it.</summary>
internal static class Fonts
{
    public static bool IsKnown(string font) => Find(font) is not null;

    public static string Stack(string font) => Find(font) ?? Find("system")!;

    private static string? Find(string font) => font switch
    {
        "system" => "-apple-system,BlinkMacSystemFont,'Segoe UI',Roboto,Helvetica,Arial,sans-serif",
        "arial" => "Arial,Helvetica,sans-serif",
        "georgia" => "Georgia,'Times New Roman',serif",
        "verdana" => "Verdana,Geneva,sans-serif",
        "courier" => "'Courier New',Courier,monospace",
        _ => null,
    };
}
