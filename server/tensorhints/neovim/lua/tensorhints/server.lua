-- The running server, and its commands.
local M = {}

-- The last `tensorhints/run` notification of each program, by URI.
M.states = {}

-- The functions to call when the server has started; nil while none is starting.
local pending

function M.starting() pending = pending or {} end

-- The server has started or ended.
function M.started()
  local actions = pending or {}
  pending = nil
  for _, action in ipairs(actions) do action() end
end

-- Call a function now, or when a server that is starting has started.
function M.once_started(action)
  if pending then pending[#pending + 1] = action else action() end
end

function M.clients(buffer) return vim.lsp.get_clients({ name = 'tensorhints', bufnr = buffer }) end

local function client()
  return M.clients(vim.api.nvim_get_current_buf())[1] or vim.lsp.get_clients({ name = 'tensorhints' })[1]
end

function M.notify(text, level) vim.notify(text, level or vim.log.levels.INFO, { title = 'Tensor Hints' }) end

local function command(name, argument)
  return { command = 'tensorhints.server.' .. name, arguments = { argument or vim.empty_dict() } }
end

-- Return the answer of a quick command, for completion; nil if it fails or takes too long.
function M.request(name)
  local target = client()
  if not target then return nil end
  local sync = target.request_sync
  local answer
  if vim.fn.has('nvim-0.11') == 1 then
    answer = sync(target, 'workspace/executeCommand', command(name), 1000)
  else
    answer = sync('workspace/executeCommand', command(name), 1000)
  end
  return answer and answer.result
end

-- Send a command to the server, by its name without prefix; `done` receives the answer.
function M.execute(name, argument, done)
  if argument == false then return end
  local target = client()
  if not target then
    M.notify('The server has no Python file: open one. If one is open, see :checkhealth tensorhints.', vim.log.levels.WARN)
    return
  end
  local params = command(name, argument)
  local function on_answer(failure, answer)
    if failure then
      M.notify(failure.message, vim.log.levels.ERROR)
    elseif type(answer) == 'table' and answer.error then
      M.notify(answer.error, vim.log.levels.WARN)
    elseif done then
      done(answer)
    end
  end
  if vim.fn.has('nvim-0.11') == 1 then
    target:request('workspace/executeCommand', params, on_answer)
  else
    target.request('workspace/executeCommand', params, on_answer)
  end
end

-- Return the command argument for the file of this window, if the server has it open; false if the
-- buffer has no name.
function M.here()
  local buffer = vim.api.nvim_get_current_buf()
  if #M.clients(buffer) == 0 then return vim.empty_dict() end
  if vim.api.nvim_buf_get_name(buffer) == '' then
    M.notify('Write this buffer to a file first.', vim.log.levels.WARN)
    return false
  end
  return { uri = vim.uri_from_bufnr(buffer) }
end

return M
