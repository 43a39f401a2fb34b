namespace Millrace.Messaging.Design;

/// <summary>Fonts that every mail reader has, each with what stands in for it.</summary>
internal static class Fonts
{
    public static readonly string[] Keys = ["system", "arial", "verdana", "tahoma", "trebuchet", "georgia", "times", "palatino", "courier"];

    public static bool IsKnown(string font) => Find(font) is not null;

    public static string Stack(string font) => Find(font) ?? Find("system")!;

    private static string? Find(string font) => font switch
    {
        "system" => "-apple-system,BlinkMacSystemFont,'Segoe UI',Roboto,Helvetica,Arial,sans-serif",
        "arial" => "Arial,Helvetica,sans-serif",
        "georgia" => "Georgia,'Times New Roman',serif",
        "verdana" => "Verdana,Geneva,sans-serif",
        "tahoma" => "Tahoma,Verdana,Segoe,sans-serif",
        "trebuchet" => "'Trebuchet MS','Lucida Grande','Lucida Sans Unicode',Tahoma,sans-serif",
        "times" => "'Times New Roman',Times,serif",
        "palatino" => "'Palatino Linotype',Palatino,'Book Antiqua',Georgia,serif",
        "courier" => "'Courier New',Courier,monospace",
        _ => null,
    };
}
