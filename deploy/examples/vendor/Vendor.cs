// Tells the box of a payment, again with the same id until it answers, and reads who left unpaid. C# 7, .NET Framework 4.5, .NET or Mono.
//   mcs -r:System.Net.Http Vendor.cs
//   INTAKE=http://127.0.0.1:8081 TOKEN=... PAGE=http://127.0.0.1:8080 READ_TOKEN=... mono Vendor.exe PAY-1 1001 粤B12345 1500
using System;
using System.Globalization;
using System.Net.Http;
using System.Net.Http.Headers;
using System.Text;
using System.Text.RegularExpressions;
using System.Threading.Tasks;

static class Vendor
{
    static readonly int[] WaitsS = { 1, 2, 4, 8, 10 }; // and then 10 for ever
    static readonly int[] Refused = { 400, 409, 413, 415, 422 };
    static readonly HttpClient Client = new HttpClient { Timeout = TimeSpan.FromSeconds(5) };

    static string Setting(string name) { return Environment.GetEnvironmentVariable(name); }

    // Throws when no answer comes within 5 s.
    static Task<HttpResponseMessage> Call(string url, string token, string message)
    {
        var request = new HttpRequestMessage(message == null ? HttpMethod.Get : HttpMethod.Post, url);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        if (message != null) request.Content = new StringContent(message, Encoding.UTF8, "application/json");
        return Client.SendAsync(request);
    }

    // Returns what the cashier sees. Write the message to your disk before, and delete it after.
    static async Task<string> Tell(string path, string message)
    {
        for (var tries = 0; ; tries++)
        {
            var wait = TimeSpan.FromSeconds(WaitsS[Math.Min(tries, WaitsS.Length - 1)]);
            try
            {
                using (var answer = await Call(Setting("INTAKE") + path, Setting("TOKEN"), message))
                {
                    var status = (int)answer.StatusCode;
                    var body = await answer.Content.ReadAsStringAsync();
                    if (status == 202) return Field(body, "status") == "expired" ? "expired" : "told";
                    if (status == 401 || status == 403) return "token";
                    if (Array.IndexOf(Refused, status) >= 0) return "refused: " + Field(body, "field");
                    Console.Error.WriteLine("answered " + status);
                    if (answer.Headers.RetryAfter != null && answer.Headers.RetryAfter.Delta.HasValue)
                        wait = answer.Headers.RetryAfter.Delta.Value;
                }
            }
            catch (Exception trouble) when (trouble is HttpRequestException || trouble is TaskCanceledException)
            {
                Console.Error.WriteLine("no answer: " + trouble.Message);
            }
            await Task.Delay(wait); // the same message again, with the same id
        }
    }

    // A text of JSON without a library; use yours where you have one.
    static string Field(string json, string name)
    {
        var found = Regex.Match(json, "\"" + name + "\":\"((?:[^\"\\\\]|\\\\.)*)\"");
        return found.Success ? found.Groups[1].Value : "-";
    }

    static async Task Run(string[] args)
    {
        var paidAt = DateTimeOffset.Now.ToString("yyyy-MM-dd'T'HH:mm:sszzz", CultureInfo.InvariantCulture);
        var message = "{\"id\":\"" + args[0] + "\",\"lane\":\"" + args[1] + "\",\"plate\":\"" + args[2]
            + "\",\"amount\":" + args[3] + ",\"issuedAt\":\"" + paidAt + "\"}";
        Console.WriteLine(await Tell("/api/v1/grants", message));
        var answer = await Call(Setting("PAGE") + "/api/v2/releases?limit=100", Setting("READ_TOKEN"), null);
        foreach (var release in Regex.Split(await answer.Content.ReadAsStringAsync(), "(?=\\{\"id\":)"))
        {
            var state = Field(release, "state");
            if (state != "-" && state != "withdrawn" && state != "dropped")
                Console.WriteLine(Field(release, "lane") + " " + Field(release, "plate") + " " + Field(release, "cause"));
        }
    }

    static void Main(string[] args)
    {
        Console.OutputEncoding = new UTF8Encoding(false);
        Run(args).GetAwaiter().GetResult();
    }
}
