using System.Globalization;
using System.Text;

namespace Millrace.Messaging.Design;

/// <summary>What stands around the sections: doctype, head with the few rules that cannot be inline, hidden preheader.</summary>
internal static class MailFrame
{
    public static void Open(StringBuilder html, MailDesign design) => Open(html, design.Settings, HeadRules.Mobile(design), HeadRules.Dark(design.Settings));

    private static void Open(StringBuilder html, DesignSettings settings, string mobile, string dark) => html.Append(
        CultureInfo.InvariantCulture,
        $$"""
        <!doctype html>
        <html lang="{{settings.Lang}}" xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width,initial-scale=1">
        <meta name="x-apple-disable-message-reformatting">
        <meta name="format-detection" content="telephone=no,date=no,address=no,email=no,url=no">
        <meta name="color-scheme" content="light dark">
        <meta name="supported-color-schemes" content="light dark">
        <title></title>
        <!--[if mso]><xml><o:OfficeDocumentSettings><o:PixelsPerInch>96</o:PixelsPerInch></o:OfficeDocumentSettings></xml><style>table{border-collapse:collapse}td,a,h1,h2,h3,p{font-family:Arial,sans-serif}</style><![endif]-->
        <style>
        body{margin:0;padding:0;width:100%;-webkit-text-size-adjust:100%;-ms-text-size-adjust:100%}
        img{border:0;line-height:100%;outline:none;text-decoration:none;-ms-interpolation-mode:bicubic}
        @media (max-width:{{settings.Width - 1}}px){.stack{max-width:100%!important;padding-bottom:20px!important}.stack .gap{padding-left:0!important;padding-right:0!important}.pad{padding-left:20px!important;padding-right:20px!important}.hm{display:none!important}.hd{display:table-row!important}table.hd{display:table!important}.m-left,.m-left *{text-align:left!important}.m-center,.m-center *{text-align:center!important}.m-center table{margin:0 auto!important}.m-right,.m-right *{text-align:right!important}{{mobile}} }
        {{dark}}        </style>
        </head>
        <body class="d-bg" style="margin:0;padding:0;background-color:{{settings.Background}}">
        {{Preheader(settings.Preheader)}}<table role="presentation" class="d-bg" width="100%" border="0" cellpadding="0" cellspacing="0" bgcolor="{{settings.Background}}" style="background-color:{{settings.Background}}"><tr><td align="center" style="padding:0">

        """);

    public static void Close(StringBuilder html) => html.Append("</td></tr></table>\n</body>\n</html>\n");

    /// <summary>Padded with invisible characters, so that inboxes show nothing of the body behind it.</summary>
    private static string Preheader(string text) => text.Length == 0
        ? ""
        : $"<div style=\"display:none;font-size:1px;line-height:1px;max-height:0;max-width:0;opacity:0;overflow:hidden;mso-hide:all\">{BlockInput.Encode(text)}{string.Concat(Enumerable.Repeat("&#847;&zwnj;&nbsp;", 60))}</div>\n";
}
