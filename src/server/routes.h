// The handlers, by subject. Inside the room only.
#pragma once
#include <string>

#include "server/context.h"
#include "server/router.h"

namespace elanus::server {

void add_search_routes(Router& router, Context& context);   // /v1/search
void add_picture_routes(Router& router, Context& context);  // /v1/images and files
void add_thumb_routes(Router& router, Context& context);    // small pictures, one by one and many together
void add_upload_routes(Router& router, Context& context);   // POST and DELETE /v1/images
void add_job_routes(Router& router, Context& context);      // /v1/index, /v1/jobs
void add_system_routes(Router& router, Context& context);   // stats, health, metrics, session
void add_seed_routes(Router& router, Context& context);     // /insert, /search, /count
void add_page_routes(Router& router, Context& context);     // the page and /openapi.json

// What GET /v1/search answers, as JSON.
Result<std::string> answer_search(Context& context, const Pairs& parameters);

// nothing when changes are allowed; else permission.
Result<void> may_change(const Context& context);

}  // namespace elanus::server
