using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace Millrace.Kernel.Security.Http;

/// <summary>Headers of CSV files that are handed out.</summary>
public static class CsvDownload
{
    /// <summary>Always a file to be saved, never a page; not kept by anyone in between.</summary>
    public static void SetHeaders(HttpResponse response, string fileName)
    {
        response.ContentType = "text/csv; charset=utf-8";
        response.Headers.CacheControl = "no-store";
        response.Headers.XContentTypeOptions = "nosniff";
        var disposition = new ContentDispositionHeaderValue("attachment");
        disposition.SetHttpFileName(fileName);
        response.Headers.ContentDisposition = disposition.ToString();
    }
}
