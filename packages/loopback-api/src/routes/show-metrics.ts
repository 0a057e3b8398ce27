import { METRICS_CONTENT_TYPE, metricsSchema, metricsText } from "@open-multi-auth/domain";
import { route } from "../route.ts";

export const showMetrics = route({
  method: "GET",
  path: "/api/metrics",
  summary: "How the pool did, in Prometheus' text format; as JSON for who accepts that",
  answer: metricsSchema,
  handle: ({ request }, { ports }) =>
    ports.records.metrics().map((metrics) => {
      if (request.headers.get("accept")?.includes("application/json") === true) return Response.json(metrics);
      const text = metricsText(metrics, ports.state.accounts());
      return new Response(text, { headers: { "content-type": METRICS_CONTENT_TYPE } });
    }),
});
